using System.Data.Common;
using System.Text.Json;
using System.Text.Json.Serialization;
using EdgeAgent.Ingestion.Storage;
using EdgeAgent.Ingestion.Storage.Control;
using EdgeAgent.Protocol.V1;

namespace EdgeAgent.Ingestion.Configs;

/// <summary>One thing that a device found wrong, or remarked.</summary>
internal sealed record ReportedError(string Pointer, string Message);

/// <summary>What a device said about a revision.</summary>
/// <param name="Number">The revision's.</param>
/// <param name="Hash">Of its document, as the device has it.</param>
/// <param name="Outcome">What became of it.</param>
/// <param name="Errors">What was wrong with it, the first ones.</param>
/// <param name="Omitted">How many more there were.</param>
/// <param name="Told">When the device saw it, by its clock, in nanoseconds since 1970; 0: it did not know the time.</param>
/// <param name="Received">When the service heard of it.</param>
/// <param name="Running">What the device runs since; 0: its own file.</param>
internal sealed record StoredReport(
    long Number, byte[] Hash, ConfigOutcome Outcome, IReadOnlyList<ReportedError> Errors, long Omitted, long Told, long Received, long Running);

/// <summary>Takes what devices report, each report once however often it comes, and keeps the last ones of each device.</summary>
internal sealed class ReportBook(ControlDatabase control, ConfigOptions options, TimeProvider time)
{
    /// <summary>Of one report. An agent that finds more wrong has been given something else than a configuration.</summary>
    public const int MostErrors = 100;

    private const int LongestPointer = 500;
    private const int LongestMessage = 1_000;

    private const string Select = "SELECT number, hash, outcome, errors, omitted, told, received, running FROM config_reports ";

    /// <exception cref="StoreUnavailableException">It was not stored: the device reports again.</exception>
    public void Accept(string device, ConfigReport report)
    {
        StoredReport stored = new(
            (long)report.Number, report.Hash.ToByteArray(), report.Outcome,
            [.. report.Errors.Take(MostErrors).Select(error => new ReportedError(Cut(error.Pointer, LongestPointer), Cut(error.Message, LongestMessage)))],
            Math.Max(0, report.Errors.Count - MostErrors), report.AtUnixNanoseconds, time.GetUtcNow().ToUnixNanoseconds(), (long)report.RunningNumber);
        // A repetition costs no write.
        if (!control.Read(session => IsKnown(session, device, stored)))
        {
            control.Change(session => Store(session, device, stored));
        }
    }

    /// <summary>The newest first.</summary>
    public static List<StoredReport> Latest(ControlSession session, string device, int limit) => session.Query(
        Select + "WHERE device = @device ORDER BY place DESC LIMIT @limit", Read, ("device", device), ("limit", (long)limit));

    /// <summary>What the device said last about a revision.</summary>
    public static StoredReport? About(ControlSession session, string device, long number) => session.Query(
        Select + "WHERE device = @device AND number = @number ORDER BY place DESC LIMIT 1", Read, ("device", device), ("number", number)).SingleOrDefault();

    private void Store(ControlSession session, string device, StoredReport report)
    {
        if (IsKnown(session, device, report))
        {
            return;
        }
        long place = session.Query(
            "SELECT COALESCE(MAX(place), 0) + 1 FROM config_reports WHERE device = @device", static row => row.GetInt64(0), ("device", device))[0];
        session.Execute(
            "INSERT INTO config_reports VALUES (@device, @place, @number, @hash, @outcome, @errors, @omitted, @told, @received, @running)",
            ("device", device), ("place", place), ("number", report.Number), ("hash", report.Hash), ("outcome", (long)report.Outcome),
            ("errors", JsonSerializer.Serialize(report.Errors, ReportJson.Default.IReadOnlyListReportedError)), ("omitted", report.Omitted),
            ("told", report.Told), ("received", report.Received), ("running", report.Running));
        session.Execute("DELETE FROM config_reports WHERE device = @device AND place <= @place", ("device", device), ("place", place - options.KeptReports));

        // Where the service has lost what it knew, the device is new to it.
        new RevisionMaking(session, report.Received).Make(device);
        DesiredRevision desired = DeviceRows.Get(session, device) with
        {
            HeldNumber = report.Running,
            HeldHash = report.Running == report.Number ? report.Hash : RevisionRows.Find(session, device, report.Running)?.Hash ?? [],
            Changed = DeviceRows.NextChange(session),
        };
        // Of a revision that this service did not make (its database was set back, say) nothing follows.
        if (RevisionRows.Find(session, device, report.Number) is { } revision && revision.Hash.AsSpan().SequenceEqual(report.Hash))
        {
            desired = desired with { IsRefused = Conclude(session, device, desired, report) };
            RolloutRows.NoteOutcome(session, device, revision.Inputs, report.Outcome);
        }
        DeviceRows.Put(session, desired);
    }

    /// <returns>Whether the device refuses what it should run.</returns>
    private static bool Conclude(ControlSession session, string device, DesiredRevision desired, StoredReport report)
    {
        bool isOfDesired = desired.Hash.AsSpan().SequenceEqual(report.Hash);
        switch (report.Outcome)
        {
            // Somebody has said "again" since: what the device thought of these bytes before does not count.
            case ConfigOutcome.Rejected or ConfigOutcome.Reverted when isOfDesired && desired.IsRepeated && report.Number < desired.Number:
                return desired.IsRefused;
            case ConfigOutcome.Rejected or ConfigOutcome.Reverted:
                RevisionRows.Refuse(session, device, report.Hash, report.Number);
                return desired.IsRefused || isOfDesired;
            case ConfigOutcome.Applied:
                RevisionRows.Forgive(session, device, report.Hash);
                return desired.IsRefused && !isOfDesired;
            default:
                return desired.IsRefused;
        }
    }

    private static bool IsKnown(ControlSession session, string device, StoredReport report) => session.Query(
        "SELECT place FROM config_reports WHERE device = @device AND number = @number AND outcome = @outcome AND told = @told AND running = @running",
        static row => row.GetInt64(0), ("device", device), ("number", report.Number), ("outcome", (long)report.Outcome), ("told", report.Told),
        ("running", report.Running)).Count > 0;

    // Never between the two halves of a character.
    private static string Cut(string text, int length) =>
        text.Length <= length ? text : text[..(char.IsHighSurrogate(text[length - 1]) ? length - 1 : length)];

    private static StoredReport Read(DbDataReader row) => new(
        row.GetInt64(0), (byte[])row.GetValue(1), (ConfigOutcome)row.GetInt64(2),
        JsonSerializer.Deserialize(row.GetString(3), ReportJson.Default.IReadOnlyListReportedError)!, row.GetInt64(4), row.GetInt64(5), row.GetInt64(6),
        row.GetInt64(7));
}

[JsonSerializable(typeof(IReadOnlyList<ReportedError>))]
internal sealed partial class ReportJson : JsonSerializerContext;
