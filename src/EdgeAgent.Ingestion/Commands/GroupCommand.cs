using System.CommandLine;
using EdgeAgent.Ingestion.Web.Admin;

namespace EdgeAgent.Ingestion.Commands;

/// <summary>edge-ingestion group add|remove|order|list: devices that share a layer of configuration.</summary>
internal static class GroupCommand
{
    public static Command Create() => AdminClient.WithOptions(new Command("group", "Devices that share a layer of configuration.")
    {
        AdminAction.Json, Change("add", "Puts devices into a group, which is made where there is none."), Change("remove", "Takes devices out of a group."),
        Order(), List(),
    });

    private static Command Change(string name, string description)
    {
        var group = new Argument<string>("GROUP");
        var devices = new Argument<string[]>("DEVICE") { Arity = name == "add" ? ArgumentArity.ZeroOrMore : ArgumentArity.OneOrMore };
        return new Command(name, description) { group, devices }.Does((parsed, client, stop) =>
            PostAsync(parsed, client, $"{parsed.GetRequiredValue(group)}/{name}", parsed.GetValue(devices) ?? [], stop));
    }

    private static Command Order()
    {
        var groups = new Argument<string[]>("GROUP") { Arity = ArgumentArity.OneOrMore, Description = "All groups, each laid over those before it." };
        return new Command("order", "Declares which group wins where a device is in several: the later one.") { groups }.Does((parsed, client, stop) =>
            PostAsync(parsed, client, "order", parsed.GetRequiredValue(groups), stop));
    }

    private static Command List() => new Command("list", "Shows the groups in their order.").Does(async (parsed, client, stop) =>
        Print(parsed, await client.GetAsync("config/groups", ConfigJson.Default.GroupsAnswer, stop)));

    private static async Task PostAsync(ParseResult parsed, AdminClient client, string path, string[] names, CancellationToken stop) => Print(
        parsed,
        await client.PostAsync(
            $"config/groups/{path}", new NamesRequest(names), ConfigJson.Default.NamesRequest, ConfigJson.Default.GroupsAnswer, stop));

    private static void Print(ParseResult parsed, GroupsAnswer groups) => AdminAction.Print(
        parsed, groups, ConfigJson.Default.GroupsAnswer,
        static answer => TextTable.Lines([["GROUP", "DEVICES"], .. answer.Groups.Select(group => (string[])[group.Name, string.Join(' ', group.Devices)])]));
}
