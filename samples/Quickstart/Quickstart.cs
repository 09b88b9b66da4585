using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Spectre.Console;

namespace EdgeAgent.Samples;

/// <summary>The course of events: start everything, show it, drain it, compare it.</summary>
internal static class Quickstart
{
    private static readonly TimeSpan Refresh = TimeSpan.FromMilliseconds(500);

    /// <returns>0: everything acknowledged is stored once. 1: something is missing or stored twice. 2: it could not start.</returns>
    public static async Task<int> RunAsync(QuickstartOptions options, CancellationToken stopping)
    {
        DirectoryInfo folder = options.DataFolder is { } kept ? Directory.CreateDirectory(kept) : Directory.CreateTempSubdirectory("edge-agent-quickstart-");
        try
        {
            return await RunAsync(options, folder.FullName, stopping);
        }
        catch (QuickstartException unusable)
        {
            await Console.Error.WriteLineAsync(unusable.Message);
            return 2;
        }
        finally
        {
            if (options.DataFolder is null)
            {
                folder.Delete(recursive: true);
            }
        }
    }

    private static async Task<int> RunAsync(QuickstartOptions options, string folder, CancellationToken stopping)
    {
        await using Stage stage = await Stage.StartAsync(options, folder, stopping);
        using var database = new StoredReadings(stage.DatabaseFile);
        long readBefore = database.Count();
        var clock = Stopwatch.StartNew();

        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        if (options.For is { } time)
        {
            ending.CancelAfter(time);
        }
        await ShowAsync(options, stage, database, clock, ending.Token);
        double seconds = clock.Elapsed.TotalSeconds;
        await stage.DrainAsync();

        Verdict verdict = Verdict.Compare(stage.Publisher.Acknowledged, database);
        if (options.IsJson)
        {
            Console.WriteLine(ToJson(stage, verdict, readBefore, seconds));
        }
        else
        {
            Tell(stage, verdict);
        }
        return verdict is { Missing: 0, Duplicates: 0 } ? 0 : 1;
    }

    private static async Task ShowAsync(QuickstartOptions options, Stage stage, StoredReadings database, Stopwatch clock, CancellationToken ending)
    {
        if (options.IsJson)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, ending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return;
        }
        FlowSnapshot before = Take(stage, database, clock);
        if (Console.IsOutputRedirected)
        {
            Console.WriteLine($"Page {stage.PageAddress}  database {stage.DatabaseFile}");
            while (await WaitAsync(TimeSpan.FromSeconds(2), ending))
            {
                Console.WriteLine(LiveTable.Line(Take(stage, database, clock)));
            }
            return;
        }
        await AnsiConsole.Live(LiveTable.Draw(before, before, stage.PageAddress, stage.DatabaseFile)).StartAsync(async display =>
        {
            while (await WaitAsync(Refresh, ending))
            {
                FlowSnapshot now = Take(stage, database, clock);
                display.UpdateTarget(LiveTable.Draw(now, before, stage.PageAddress, stage.DatabaseFile));
                before = now;
            }
        });
    }

    private static async Task<bool> WaitAsync(TimeSpan time, CancellationToken ending)
    {
        await Task.Delay(time, ending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return !ending.IsCancellationRequested;
    }

    private static FlowSnapshot Take(Stage stage, StoredReadings database, Stopwatch clock) => new(
        clock.Elapsed, stage.Publisher.Published, stage.Read, stage.BufferedBytes, stage.Committed, stage.Sent, database.Count(), stage.WireBytes,
        database.Latest());

    private static void Tell(Stage stage, Verdict verdict)
    {
        long acknowledged = stage.Publisher.Acknowledged.Count;
        AnsiConsole.MarkupLine(verdict is { Missing: 0, Duplicates: 0 }
            ? string.Create(CultureInfo.InvariantCulture, $"[green]All {acknowledged:N0} published readings are in the database, each once, with its time and value.[/]")
            : string.Create(CultureInfo.InvariantCulture, $"[red]Of {acknowledged:N0} published readings {verdict.Missing:N0} are missing and {verdict.Duplicates:N0} are stored twice.[/]"));
        AnsiConsole.MarkupLine(string.Create(
            CultureInfo.InvariantCulture, $"{verdict.Stored:N0} readings are stored in all, those of the simulated hardware and of this machine included; {stage.WireBytes:N0} bytes passed the socket."));
    }

    private static string ToJson(Stage stage, Verdict verdict, long storedBefore, double seconds) => JsonSerializer.Serialize(new
    {
        published = stage.Publisher.Acknowledged.Count,
        read = stage.Read,
        stored = verdict.Stored - storedBefore,
        duplicates = verdict.Duplicates,
        missing = verdict.Missing,
        unaccounted = stage.Read - (verdict.Stored - storedBefore),
        wire_bytes = stage.WireBytes,
        wire_bytes_per_reading = Math.Round((double)stage.WireBytes / Math.Max(1, verdict.Stored - storedBefore), 2),
        readings_per_second = Math.Round(stage.Read / seconds, 1),
        seconds = Math.Round(seconds, 1),
    });
}
