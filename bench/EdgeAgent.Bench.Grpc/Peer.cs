using System.Diagnostics;
using System.Text.Json;

namespace EdgeAgent.Bench.Grpc;

/// <summary>
/// One side of a pair, in a process of its own. It answers a line with a line of JSON, and ends when its input does; where it does not,
/// it is killed by its process id.
/// </summary>
internal sealed class Peer : IAsyncDisposable
{
    /// <summary>Longer than any round: a peer that says nothing for so long hangs.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly Process _process;

    private Peer(Process process) => _process = process;

    public static Peer Start(string program, IReadOnlyDictionary<string, string> environment, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true };
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }
        return new Peer(Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start."));
    }

    /// <summary>This program again, in another role.</summary>
    public static Peer StartSelf(params IEnumerable<string> arguments) =>
        Start(Environment.ProcessPath!, new Dictionary<string, string>(), arguments);

    public async Task<T> AskAsync<T>(string line)
    {
        await _process.StandardInput.WriteLineAsync(line);
        return await ListenAsync<T>();
    }

    /// <summary>The next line, without a question: what a server says when it listens.</summary>
    /// <exception cref="InvalidOperationException">The peer ended instead; its errors are on the console.</exception>
    public async Task<T> ListenAsync<T>()
    {
        string answer = await _process.StandardOutput.ReadLineAsync().WaitAsync(Patience)
            ?? throw new InvalidOperationException($"{_process.StartInfo.FileName} ended without an answer.");
        return JsonSerializer.Deserialize<T>(answer, JsonSerializerOptions.Web)!;
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        try
        {
            await _process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(5));
        }
        catch (TimeoutException)
        {
            _process.Kill();
        }
        _process.Dispose();
    }
}

/// <summary>What a server says first.</summary>
internal sealed record Listening(int Port);

/// <summary>What a server has used since its start: seconds of processor time, bytes of managed memory (where it can tell).</summary>
internal sealed record Usage(double Cpu, long? Allocated = null);

/// <summary>What a client sent in one round, by the server's count, and what it used for it.</summary>
internal sealed record Sent(long Messages, long Bytes, double Seconds, double Cpu, long? Allocated = null);
