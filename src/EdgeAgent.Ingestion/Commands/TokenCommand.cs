using System.CommandLine;
using System.Globalization;
using EdgeAgent.Ingestion.Hosting;
using EdgeAgent.Ingestion.Web.Admin;

namespace EdgeAgent.Ingestion.Commands;

/// <summary>edge-ingestion token create, list, withdraw.</summary>
internal static class TokenCommand
{
    public static Command Create() => AdminClient.WithOptions(
        new Command("token", "Tokens that devices enrol with, or show instead of a certificate.") { CreateCreate(), CreateList(), CreateWithdraw() });

    private static Command CreateCreate()
    {
        var device = new Option<string>("--device") { Description = "The device's name.", Required = true };
        var ttl = new Option<string?>("--ttl")
        {
            Description = "How long it counts, such as 24h. Default: 24h to enrol; a bearer token has no end.",
        };
        ttl.Validators.Add(static result =>
        {
            if (result.GetValueOrDefault<string?>() is { } text && !DurationConverter.TryParse(text, out _))
            {
                result.AddError($"\"{text}\" is no duration: write a number and its unit (s, min, h, d), such as 24h.");
            }
        });
        var bearer = new Option<bool>("--bearer") { Description = "To be shown with each call, for clients that cannot use certificates, instead of once to get one." };
        var command = new Command("create", "Makes a token and prints it. It cannot be shown again.") { device, ttl, bearer };
        command.Does(async (parsed, client, stop) =>
        {
            double? seconds = DurationConverter.TryParse(parsed.GetValue(ttl), out TimeSpan lifetime) ? lifetime.TotalSeconds : null;
            var request = new TokenRequest(parsed.GetRequiredValue(device), parsed.GetValue(bearer) ? IdentityViews.Bearer : IdentityViews.Enrolment, seconds);
            TokenCreatedView created = await client.PostAsync("tokens", request, IdentityJson.Default.TokenRequest, IdentityJson.Default.TokenCreatedView, stop);
            // The token alone on standard output, for scripts.
            await Console.Error.WriteLineAsync($"Token {created.Id} for {created.Device}, {(created.Expires is { } until ? $"until {until}" : "without an end")}:");
            Console.WriteLine(created.Token);
        });
        return command;
    }

    private static Command CreateList()
    {
        var command = new Command("list", "Shows the tokens of the last 30 days, without their secrets.");
        command.Does(static async (_, client, stop) =>
        {
            foreach (TokenView token in (await client.GetAsync("tokens", IdentityJson.Default.TokensAnswer, stop)).Tokens)
            {
                string replays = token.Replays > 0 ? $"  CAME AGAIN {token.Replays} TIMES AFTER IT WAS USED" : "";
                Console.WriteLine($"{token.Id,5}  {token.Device,-24} {token.Kind,-9} {token.State,-9} until {token.Expires ?? "-"}  by {token.Author}{replays}");
            }
        });
        return command;
    }

    private static Command CreateWithdraw()
    {
        var id = new Argument<long>("ID") { Description = "The token's number, as `token list` shows it." };
        var command = new Command("withdraw", "Takes a token back. Calls with a bearer token end within seconds; a certificate that was issued stays.") { id };
        command.Does(async (parsed, client, stop) =>
        {
            string path = string.Create(CultureInfo.InvariantCulture, $"tokens/{parsed.GetValue(id)}/withdraw");
            await client.PostAsync(path, new EmptyRequest(), IdentityJson.Default.EmptyRequest, IdentityJson.Default.TokensAnswer, stop);
            Console.WriteLine($"Token {parsed.GetValue(id)} is withdrawn.");
        });
        return command;
    }
}
