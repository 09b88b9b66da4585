using System.CommandLine;
using EdgeAgent.Ingestion.Web.Admin;

namespace EdgeAgent.Ingestion.Commands;

/// <summary>edge-ingestion authority show, roll, finish.</summary>
internal static class AuthorityCommand
{
    public static Command Create()
    {
        var show = new Command("show", "Prints the roots: devices need them to trust this service where it issues its own certificate.");
        show.Does(static async (_, client, stop) => await PrintAsync(await client.GetAsync("authority", IdentityJson.Default.AuthoritiesAnswer, stop)));
        var roll = new Command("roll", "Makes a second authority, which signs devices from now on. Both are trusted until `finish`.");
        roll.Does(static async (_, client, stop) => await PrintAsync(
            await client.PostAsync("authority/roll", new EmptyRequest(), IdentityJson.Default.EmptyRequest, IdentityJson.Default.AuthoritiesAnswer, stop)));
        var force = new Option<bool>("--force") { Description = "Also where devices still have certificates of the older one and are locked out by it." };
        var finish = new Command("finish", "Ends the rollover: the older authority counts no more, and its key is deleted.") { force };
        finish.Does(async (parsed, client, stop) => await PrintAsync(await client.PostAsync(
            "authority/finish", new FinishRequest(parsed.GetValue(force)), IdentityJson.Default.FinishRequest, IdentityJson.Default.AuthoritiesAnswer, stop)));
        return AdminClient.WithOptions(new Command("authority", "The authority that signs devices.") { show, roll, finish });
    }

    private static async Task PrintAsync(AuthoritiesAnswer answer)
    {
        foreach (AuthorityView authority in answer.Authorities)
        {
            // PEM alone on standard output, so that it can go into a file.
            string does = (authority.IsIssuing, authority.IsServing) switch
            {
                (true, true) => "signs devices and the service",
                (true, false) => "signs devices",
                (false, true) => "signs the service",
                _ => "is trusted",
            };
            await Console.Error.WriteLineAsync(
                $"{authority.Subject}, until {authority.NotAfter}, SHA-256 {authority.Fingerprint}: {does}; {authority.Devices} devices{(authority.HasKey ? "" : "; its key is on another machine")}.");
            Console.WriteLine(authority.Pem);
        }
    }
}
