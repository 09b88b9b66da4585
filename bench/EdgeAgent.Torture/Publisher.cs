using System.Diagnostics;
using System.Globalization;

namespace EdgeAgent.Torture;

/// <summary>The process of publisher.py and what it tells.</summary>
internal sealed class Publisher : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Dictionary<string, Feed> _feeds;
    private readonly Task _listening;

    private Publisher(Process process, Dictionary<string, Feed> feeds)
    {
        (_process, _feeds) = (process, feeds);
        _listening = ListenAsync();
    }

    /// <param name="authority">The CA's certificate.</param>
    /// <param name="rate">Messages a second and feed.</param>
    /// <param name="feeds">Each with the port that it publishes to.</param>
    public static Publisher Start(string authority, int rate, params (Feed Feed, int Port)[] feeds)
    {
        string script = Path.Combine(AppContext.BaseDirectory, "publisher.py");
        var start = new ProcessStartInfo(
            "/usr/bin/python3", [script, authority, $"{rate}", .. feeds.Select(feed => $"{feed.Feed.Name}:{feed.Port}:{feed.Feed.QualityOfService}")])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        return new Publisher(Process.Start(start)!, feeds.ToDictionary(feed => feed.Feed.Name, feed => feed.Feed));
    }

    /// <summary>Sends nothing new, and ends when everything sent is acknowledged.</summary>
    /// <exception cref="TimeoutException">Something is never acknowledged.</exception>
    public async Task FinishAsync(TimeSpan timeout)
    {
        await _process.StandardInput.WriteLineAsync("stop");
        await _process.StandardInput.FlushAsync();
        await _listening.WaitAsync(timeout);
        await _process.WaitForExitAsync().WaitAsync(timeout);
        if (_process.ExitCode != 0)
        {
            throw new InvalidOperationException($"The publisher ended with {_process.ExitCode}.");
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }
        _process.Dispose();
    }

    private async Task ListenAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            string[] words = line.Split(' ');
            _feeds[words[0]].Told(words[1][0], int.Parse(words[2], CultureInfo.InvariantCulture));
        }
    }
}
