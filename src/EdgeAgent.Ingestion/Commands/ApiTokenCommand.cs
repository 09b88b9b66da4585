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
        var create = new Command("create", "Makes a token and prints it, this once.") { Name, RoleOption, Lifetime };
        AdminAction.SetAction(create, static async (client, parsed, stop) => (await client.PostAsync(
            "api-tokens", new TokenForm(parsed.GetRequiredValue(Name), parsed.GetValue(RoleOption), (long?)parsed.GetValue(Lifetime)?.TotalSeconds),
            PeopleJson.Default.TokenForm, PeopleJson.Default.NewTokenAnswer, stop)).Token);
        var list = new Command("list", "The tokens, without their secrets.");
        AdminAction.SetAction(list, static async (client, _, stop) => Table.Of(
            ["NAME", "ROLE", "CREATED", "VALID UNTIL", "BY"],
            (await client.GetAsync("api-tokens", PeopleJson.Default.TokensAnswer, stop)).Tokens
                .Select(static each => (string[])[each.Name, Roles.Name(each.Role), each.Created, each.Expires ?? "it is withdrawn", each.Author])));
        var withdraw = new Command("withdraw", "Takes a token out of use, at once.") { Name };
        AdminAction.SetAction(withdraw, static async (client, parsed, stop) => (await client.PostAsync(
            $"api-tokens/{Uri.EscapeDataString(parsed.GetRequiredValue(Name))}/withdraw", new NothingForm(), PeopleJson.Default.NothingForm,
            PeopleJson.Default.DoneAnswer, stop)).Done);
        return AdminClient.WithOptions(new Command("api-token", "What programs show to the APIs of the page's port.") { create, list, withdraw });
    }
}
