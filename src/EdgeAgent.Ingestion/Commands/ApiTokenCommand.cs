using System.CommandLine;
using EdgeAgent.Ingestion.Hosting;
using EdgeAgent.Ingestion.People;
using EdgeAgent.Ingestion.Web.Admin;

namespace EdgeAgent.Ingestion.Commands;

/// <summary>edge-ingestion api-token create|list|withdraw: what programs show to the APIs.</summary>
internal static class ApiTokenCommand
{
    private static readonly Argument<string> Name = new("NAME") { Description = "What the token is for." };

    private static readonly Option<string> RoleOption = new("--role") { Description = $"What the token allows: {Roles.All}.", DefaultValueFactory = static _ => "viewer" };

    private static readonly Option<TimeSpan?> Lifetime = new("--ttl")
    {
        Description = "How long the token is valid, such as 24h or 90d. Default: until it is withdrawn.",
        CustomParser = static result =>
        {
            if (DurationConverter.TryParse(result.Tokens[0].Value, out TimeSpan duration))
            {
                return duration;
            }
            result.AddError("--ttl takes a number and its unit: s, min, h or d.");
            return null;
        },
    };

    public static Command Create()
    {
        var tokens = new Command("api-token", "What programs show to the APIs of the page's port.")
        {
            new Command("create", "Makes a token and prints it, this once.") { Name, RoleOption, Lifetime }.Does(static async (parsed, client, stop) =>
            {
                var form = new ApiTokenForm(parsed.GetRequiredValue(Name), parsed.GetValue(RoleOption), (long?)parsed.GetValue(Lifetime)?.TotalSeconds);
                AdminAction.Print(
                    parsed, await client.PostAsync("api-tokens", form, PeopleJson.Default.ApiTokenForm, PeopleJson.Default.NewApiTokenAnswer, stop),
                    PeopleJson.Default.NewApiTokenAnswer, static answer => [answer.Token]);
            }),
            new Command("list", "The tokens, without their secrets.").Does(static async (parsed, client, stop) => AdminAction.Print(
                parsed, await client.GetAsync("api-tokens", PeopleJson.Default.ApiTokensAnswer, stop), PeopleJson.Default.ApiTokensAnswer, static answer => TextTable.Lines(
                    [["NAME", "ROLE", "CREATED", "VALID UNTIL", "BY"], .. answer.Tokens.Select(static each => (string[])
                        [each.Name, Roles.Name(each.Role), each.Created, each.Expires ?? "it is withdrawn", each.Author])]))),
            new Command("withdraw", "Takes a token out of use, at once.") { Name }.Does(static async (parsed, client, stop) => AdminAction.Print(
                parsed,
                await client.PostAsync(
                    $"api-tokens/{Uri.EscapeDataString(parsed.GetRequiredValue(Name))}/withdraw", new EmptyRequest(), PeopleJson.Default.EmptyRequest,
                    PeopleJson.Default.DoneAnswer, stop),
                PeopleJson.Default.DoneAnswer, static answer => [answer.Done])),
        };
        tokens.Options.Add(AdminAction.Json);
        return AdminClient.WithOptions(tokens);
    }
}
