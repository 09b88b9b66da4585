using System.CommandLine;
using System.Globalization;
using EdgeAgent.Spooling;

namespace EdgeAgent.Commands;

/// <summary><c>edge-agent spool export</c>: what is not released, for other programs, or to be carried to the cloud by hand.</summary>
internal static class SpoolExportCommand
{
    /// <summary>Each begins where the cloud is by then, so that a spool which is being emptied is soon read faster than it changes.</summary>
    private const int Attempts = 10;

    public static Command Create()
    {
        var path = new SpoolPath();
        var format = new Option<string>("--format") { Description = "csv, jsonl, or portable: a file that `import` takes.", Required = true };
        format.AcceptOnlyFromAmong("csv", "jsonl", "portable");
        var lane = new Option<string?>("--lane") { Description = "One lane; both where it is left out." };
        lane.AcceptOnlyFromAmong(SpoolLanes.Names);
        var from = new Option<string?>("--from") { Description = "Only readings of this time and later (csv, jsonl).", HelpName = "TIME" };
        var to = new Option<string?>("--to") { Description = "Only readings before this time (csv, jsonl).", HelpName = "TIME" };
        var output = new Option<string?>("--output", "-o") { Description = "The file; standard output where it is left out.", HelpName = "FILE" };
        var gzip = new Option<bool>("--gzip") { Description = "Compress it." };
        var command = new Command("export", "Write out what has not been delivered. The agent may be running.") { format, lane, from, to, output, gzip };
        path.AddTo(command);
        command.SetAction(parsed => path.Run(parsed, (folder, _) =>
        {
            if (!TryTime(parsed, from, long.MinValue, out long first) || !TryTime(parsed, to, long.MaxValue, out long end))
            {
                return ExitCode.Failure;
            }
            bool isPortable = parsed.GetValue(format) == "portable";
            if (isPortable && (parsed.GetValue(from) ?? parsed.GetValue(to)) is not null)
            {
                return CommandOutcome.Fail(parsed, "A portable export takes whole lanes, or the cloud could not tell what is missing: leave out --from and --to.");
            }
            SpoolLane[] lanes = SpoolLanes.Of(parsed.GetValue(lane));
            string? file = parsed.GetValue(output);
            for (int attempt = 1; attempt <= (file is null ? 1 : Attempts); attempt++)
            {
                using var target = new SpoolOutput(file, parsed.GetValue(gzip));
                SpoolExportResult result = isPortable
                    ? SpoolPortableExport.Write(folder, lanes, target.Stream)
                    : SpoolReadingsExport.Write(folder, lanes, first, end, parsed.GetValue(format) == "csv" ? new SpooledCsv(target.Stream) : new SpooledJsonLines(target.Stream));
                if (result.IsComplete)
                {
                    target.Complete();
                    return Report(parsed, result);
                }
            }
            return CommandOutcome.Fail(
                parsed,
                file is null ? "The spool has changed while it was read, and the output is incomplete. Write to a file with -o: that begins anew by itself."
                : "The spool changes faster than it can be read. Stop the agent, then export again.");
        }));
        return command;
    }

    private static int Report(ParseResult parsed, in SpoolExportResult result)
    {
        TextWriter error = parsed.InvocationConfiguration.Error;
        error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{result.Records} records with {result.Readings} readings; {result.Lost} readings are lost or thinned."));
        if (result.Undecodable == 0)
        {
            return ExitCode.Success;
        }
        error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{result.Undecodable} records could not be decoded and are not in it; `edge-agent spool verify` names them."));
        return ExitCode.Failure;
    }

    private static bool TryTime(ParseResult parsed, Option<string?> option, long standard, out long time)
    {
        time = standard;
        if (parsed.GetValue(option) is not { } text || SpooledTime.TryParse(text, out time))
        {
            return true;
        }
        CommandOutcome.Fail(parsed, $"{option.Name}: \"{text}\" is no time. Write 2026-01-31 or 2026-01-31T12:30:00Z.");
        return false;
    }
}
