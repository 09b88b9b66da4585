using System.CommandLine;
using EdgeAgent.Ingestion.Web.Admin;

namespace EdgeAgent.Ingestion.Commands;

/// <summary>edge-ingestion device NAME show, quarantine, revoke, release.</summary>
internal static class DeviceCommand
{
    private static readonly Argument<string> Device = new("NAME") { Description = "The device's name." };

    public static Command Create()
    {
        var command = new Command("device", "Asks a connected device, or decides about it.")
        {
            Device,
            AdminAction.Json,
            CreateShow(),
            CreateDecision("quarantine", IdentityViews.Quarantined, "It may not upload any more and keeps what it reads; it still takes configurations. Reversible."),
            CreateDecision("revoke", IdentityViews.Revoked, "It may do nothing any more. Its certificates and tokens count for nothing, also after a release."),
            CreateDecision("release", IdentityViews.Active, "Ends quarantine. After a revocation the device may enrol again, with a new token."),
        };
        DeviceRequests.AddTo(command, Device);
        return AdminClient.WithOptions(command);
    }

    private static Command CreateShow()
    {
        var command = new Command("show", "What it may do, and what it was issued.");
        command.Does(static async (parsed, client, stop) =>
            Print(parsed, await client.GetAsync(Path(parsed), IdentityJson.Default.DeviceIdentityView, stop)));
        return command;
    }

    private static Command CreateDecision(string name, string standing, string description)
    {
        var reason = new Option<string?>("--reason") { Description = "Why, in one line. The device is told." };
        var restore = new Option<bool>("--restore") { Description = "What was issued before a revocation counts again. Only where it was revoked by mistake." };
        var command = new Command(name, description) { reason };
        if (standing == IdentityViews.Active)
        {
            command.Options.Add(restore);
        }
        command.Does(async (parsed, client, stop) =>
        {
            var request = new StandingRequest(standing, parsed.GetValue(reason), standing == IdentityViews.Active && parsed.GetValue(restore));
            Print(parsed, await client.PostAsync(Path(parsed), request, IdentityJson.Default.StandingRequest, IdentityJson.Default.DeviceIdentityView, stop));
        });
        return command;
    }

    private static string Path(ParseResult parsed) => $"devices/{Uri.EscapeDataString(parsed.GetRequiredValue(Device))}/identity";

    private static void Print(ParseResult parsed, DeviceIdentityView device) =>
        AdminAction.Print(parsed, device, IdentityJson.Default.DeviceIdentityView, Lines);

    private static IEnumerable<string> Lines(DeviceIdentityView device)
    {
        string decided = device.Since is { } since ? $", since {since}, by {device.Author}{(device.Reason.Length > 0 ? $": {device.Reason}" : "")}" : "";
        yield return $"{device.Device} is {device.Standing}{decided}.";
        foreach (CertificateView certificate in device.Certificates)
        {
            string how = certificate.Token is { } token ? $"enrolled with token {token}" : "renewed";
            yield return $"  certificate {certificate.Serial}  {certificate.State}, {certificate.NotBefore} to {certificate.NotAfter}, {how}";
        }
        foreach (TokenView token in device.Tokens)
        {
            yield return $"  token {token.Id}  {token.Kind}, {token.State}, until {token.Expires ?? "-"}, by {token.Author}";
        }
    }
}
