using System.Text.RegularExpressions;
using EdgeAgent.Testing;

namespace EdgeAgent.Spooling.Tests;

/// <summary>The order of system calls, as the kernel sees it.</summary>
public sealed partial class SystemCallTests
{
    private const string Segment = @"live-[0-9a-f]{16}\.segment";
    private const string Thinned = @"live-[0-9a-f]{16}-[0-9a-f]{16}-1-[0-9a-f]{8}\.segment";
    private const string Spare = @"spare-[0-9a-f]{8}\.segment";

    [InstalledFact("strace")]
    public async Task Whatever_is_promised_is_synced_first()
    {
        using var folder = new TemporaryFolder();
        string trace = folder["trace"];
        string spool = folder["spool"];
        (int exitCode, string output) = await ForeignProcess.RunAsync(
            "strace",
            ["-f", "-y", "-s", "16", "-o", trace, "-e", "trace=write,pwrite64,fsync,fdatasync,rename,unlink",
                "dotnet", typeof(SystemCallTests).Assembly.Location, spool],
            TimeSpan.FromMinutes(2));
        Assert.True(exitCode == 0, output);
        List<string> calls = Read(File.ReadLines(trace), spool);

        // A new folder, the files in it and their names, before anything else is said.
        Order(calls, "say opened", "fsync parent", "pwrite64 ledger", "fdatasync ledger", "pwrite64 marks", "fdatasync marks");
        // Records reach the disk under a durable name before the commit is reported.
        Order(calls, "say committed", $"rename {Spare} {Segment}", "fsync folder", $"pwrite64 {Segment}", $"fdatasync {Segment}");
        // The mark is durable before the file behind it is given away.
        Order(calls, "say released", "pwrite64 marks", "fdatasync marks", $"rename {Segment} {Spare}");
        // The new segment, its name, the ledger; then the old ones go.
        Order(calls, "say thinned",
            $"pwrite64 {Spare}", $"fdatasync {Spare}", $"rename {Spare} {Thinned}", "fsync folder", "pwrite64 ledger", "fdatasync ledger",
            $"rename {Segment} {Spare}", $"rename {Segment} {Spare}");
        // A loss is in the ledger before it is called committed.
        Order(calls, "say lost", "pwrite64 ledger", "fdatasync ledger");
        // What is dropped is written down before its file is given away.
        Order(calls, "say evicted", "pwrite64 ledger", "fdatasync ledger", $"rename {Segment} {Spare}");
        // Never: a file given away, or a commit reported, while the file that it rests on has writes without a sync.
        AssertSyncedBefore(calls, "ledger", $"^rename {Segment} {Spare}$");
        AssertSyncedBefore(calls, Segment, "^say committed$");
    }

    /// <summary>The calls stand in this order, whatever else between them, before somebody says something.</summary>
    private static void Order(List<string> calls, string said, params string[] expected)
    {
        int end = calls.IndexOf(said);
        Assert.True(end >= 0, $"Never: {said}.");
        int begin = calls.FindLastIndex(end - 1, static call => call.StartsWith("say ", StringComparison.Ordinal)) + 1;
        // From the end backwards: it is the last ones before the promise that count.
        int at = end;
        foreach (string pattern in expected.Reverse())
        {
            at = calls.FindLastIndex(at - 1, at - begin, call => Regex.IsMatch(call, $"^{pattern}$"));
            Assert.True(at >= begin, $"Before '{said}' there is no '{pattern}' in its place of: {string.Join(", ", expected)}.\n{string.Join('\n', calls[begin..end])}");
        }
    }

    private static void AssertSyncedBefore(List<string> calls, string file, string promise)
    {
        var unsynced = new HashSet<string>();
        foreach (string call in calls)
        {
            if (Regex.IsMatch(call, $"^pwrite64 {file}$"))
            {
                unsynced.Add(call["pwrite64 ".Length..]);
            }
            else if (call.StartsWith("fdatasync ", StringComparison.Ordinal))
            {
                unsynced.Remove(call["fdatasync ".Length..]);
            }
            else if (Regex.IsMatch(call, promise))
            {
                Assert.True(unsynced.Count == 0, $"{call} while {string.Join(", ", unsynced)} is not synced.");
            }
        }
    }

    /// <summary>
    /// The finished calls, each as one short line: what, and the names in the spool's folder. A call that another thread's cut in two
    /// counts where it ends.
    /// </summary>
    private static List<string> Read(IEnumerable<string> lines, string spool)
    {
        var calls = new List<string>();
        var begun = new Dictionary<string, string>();
        foreach (string line in lines)
        {
            Match parts = Line().Match(line);
            if (!parts.Success)
            {
                continue;
            }
            (string thread, string text) = (parts.Groups[1].Value, parts.Groups[2].Value);
            if (text.EndsWith("<unfinished ...>", StringComparison.Ordinal))
            {
                begun[thread] = text;
                continue;
            }
            string call = text.StartsWith("<...", StringComparison.Ordinal) && begun.Remove(thread, out string? start) ? start : text;
            if (Shorten(call, spool) is { } shortened)
            {
                calls.Add(shortened);
            }
        }
        return calls;
    }

    private static string? Shorten(string call, string spool)
    {
        if (Said().Match(call) is { Success: true } said)
        {
            return $"say {said.Groups[1].Value}";
        }
        string name = call[..Math.Max(0, call.IndexOf('(', StringComparison.Ordinal))];
        if (name == "rename")
        {
            string[] names = [.. Quoted().Matches(call).Select(static match => match.Groups[1].Value)];
            return names.All(path => path.StartsWith(spool + "/", StringComparison.Ordinal))
                ? $"rename {string.Join(' ', names.Select(path => path[(spool.Length + 1)..]))}" : null;
        }
        if (Descriptor().Match(call) is not { Success: true } descriptor)
        {
            return null;
        }
        string file = descriptor.Groups[1].Value;
        return file == spool ? $"{name} folder"
            : file == Path.GetDirectoryName(spool) ? $"{name} parent"
            : file.StartsWith(spool + "/", StringComparison.Ordinal) ? $"{name} {file[(spool.Length + 1)..]}" : null;
    }

    [GeneratedRegex(@"^(\d+)\s+(.*)$")]
    private static partial Regex Line();

    [GeneratedRegex(@"^write\(\d+<[^>]*>, ""(opened|committed|released|thinned|lost|evicted)""")]
    private static partial Regex Said();

    [GeneratedRegex(@"""([^""]*)""")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"^\w+\(\d+<([^>]*)>")]
    private static partial Regex Descriptor();
}
