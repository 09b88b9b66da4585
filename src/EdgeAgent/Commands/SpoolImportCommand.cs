using System.CommandLine;
using System.Globalization;
using EdgeAgent.Protocol.Portable;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Spooling;
using EdgeAgent.Spooling.Inspection;
using LossCause = EdgeAgent.Spooling.LossCause;

namespace EdgeAgent.Commands;

/// <summary>
/// <c>edge-agent spool import</c>: makes a spool of a portable file, on another machine, for an agent with the same identity to send.
/// </summary>
internal static class SpoolImportCommand
{
    public static Command Create()
    {
        var path = new SpoolPath();
        var file = new Argument<string>("FILE") { Description = "What `export --format portable` wrote, compressed or not." };
        var command = new Command("import", "Make a buffer of an exported one, in an empty folder.") { file };
        path.AddTo(command);
        command.SetAction(parsed => path.Run(parsed, (folder, _) =>
        {
            using var reader = new PortableReader(File.OpenRead(parsed.GetRequiredValue(file)));
            StepDown.ToOwnerOf(folder);
            if (Import(reader, folder, out long records) is { } problem)
            {
                return CommandOutcome.Fail(parsed, $"{parsed.GetValue(file)} was not imported. {problem}");
            }
            TextWriter output = parsed.InvocationConfiguration.Output;
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{records} records were imported into {Path.GetFullPath(folder)}."));
            output.WriteLine(
                "From now on only one of the two machines may take new readings: both would give the same numbers to different ones, and the cloud keeps the first.");
            return ExitCode.Success;
        }));
        return command;
    }

    /// <returns>What is wrong, or null. Where something is, there is no spool.</returns>
    private static string? Import(PortableReader reader, string folder, out long records)
    {
        records = 0;
        SpoolRestore? restore = null;
        try
        {
            while (true)
            {
                long offset = reader.Offset;
                switch (reader.Read(out PortableEntry? entry))
                {
                    case PortableReadResult.Damaged:
                        return reader.Damage;
                    case PortableReadResult.End when restore is not null:
                        restore.Finish();
                        return null;
                    case PortableReadResult.Entry when entry!.KindCase == PortableEntry.KindOneofCase.Spool == (restore is null)
                        && TryTake(entry, folder, ref restore):
                        records += entry.KindCase == PortableEntry.KindOneofCase.Record ? 1 : 0;
                        break;
                    default:
                        return string.Create(CultureInfo.InvariantCulture, $"At byte {offset}: the entry is not one that may come here.");
                }
            }
        }
        catch (InvalidDataException contradiction)
        {
            return contradiction.Message;
        }
        finally
        {
            restore?.Dispose();
        }
    }

    private static bool TryTake(PortableEntry entry, string folder, ref SpoolRestore? restore)
    {
        switch (entry.KindCase)
        {
            case PortableEntry.KindOneofCase.Spool when entry.Spool.SpoolId.Length == 16:
                restore = SpoolRestore.Begin(folder, new Guid(entry.Spool.SpoolId.Span, bigEndian: true));
                SpooledClocks.Keep(folder, entry.Spool.Clocks);
                return true;
            case PortableEntry.KindOneofCase.Lane when entry.Lane.Lane is Lane.Alarm or Lane.Live or Lane.Backlog:
                PortableLane lane = entry.Lane;
                restore!.BeginLane(
                    (SpoolLane)lane.Lane, lane.Released, lane.Committed, lane.ReadingsThrough, lane.BytesThrough);
                return true;
            case PortableEntry.KindOneofCase.Segment:
                PortableSegment segment = entry.Segment;
                restore!.BeginSegment(new SpoolSegment(
                    segment.First, (int)segment.FileBytes, segment.ReadingsBefore, segment.BytesBefore, (int)segment.Level, segment.Through,
                    segment.ReadingsThrough));
                return true;
            case PortableEntry.KindOneofCase.Record:
                restore!.Append(new SpoolRecord(entry.Record.Sequence, entry.Record.Readings, entry.Record.Stored.Memory));
                return true;
            case PortableEntry.KindOneofCase.Gap:
                restore!.AddLoss(new SpoolGap(entry.Gap.From, entry.Gap.To, entry.Gap.Readings, (LossCause)entry.Gap.Cause));
                return true;
            case PortableEntry.KindOneofCase.End:
                return true;
            default:
                return false;
        }
    }
}
