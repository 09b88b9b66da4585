using System.CommandLine;
using System.Globalization;
using EdgeAgent.Ingestion.Web.Admin;

namespace EdgeAgent.Ingestion.Commands;

/// <summary>edge-ingestion audit: who has asked for which change, the newest first.</summary>
internal static class AuditCommand
{
    public static Command Create()
    {
        var device = new Option<string?>("--device") { Description = "Only what is about this device." };
        var limit = new Option<int>("--limit") { Description = "How many entries, at most 1000.", DefaultValueFactory = static _ => 100 };
        var command = new Command("audit", "Who has asked for which change, on which device, when, and how it ended. The newest first.") { device, limit };
        command.Does(async (parsed, client, stop) =>
        {
            string query = string.Create(CultureInfo.InvariantCulture, $"audit?limit={parsed.GetValue(limit)}");
            if (parsed.GetValue(device) is { } name)
            {
                query += $"&device={Uri.EscapeDataString(name)}";
            }
            AdminAction.Print(
                parsed, await client.GetAsync(query, PeopleJson.Default.AuditAnswer, stop), PeopleJson.Default.AuditAnswer, static answer => TextTable.Lines(
                    [["TIME", "WHO", "WHAT", "DEVICE", "OUTCOME", "NOTE"], .. answer.Entries.Select(static each => (string[])
                        [each.Time, each.Caller, each.Action, each.Device ?? "", Outcome(each.Outcome), each.Note ?? ""])]));
        });
        command.Options.Add(AdminAction.Json);
        return AdminClient.WithOptions(command);
    }

    private static string Outcome(int? status) => status switch
    {
        null => "not ended",
        >= 200 and < 300 => "done",
        < 500 => $"refused ({status})",
        _ => $"failed ({status})",
    };
}
