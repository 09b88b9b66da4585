using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeAgent.Testing;

namespace EdgeAgent.Ingestion.Tests;

/// <summary>A headless Chromium with one page, driven over its debugging protocol: what a person would see, script run and all.</summary>
internal sealed class Browser : IAsyncDisposable
{
    private static readonly string[] Flags =
    [
        "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update",
        "--disable-sync", "--hide-scrollbars", "--remote-debugging-port=0",
    ];

    private readonly TemporaryFolder _profile = new();
    private readonly ClientWebSocket _socket = new();
    private ForeignProcess _process = null!;
    private int _lastId;

    /// <summary>What the browser has told without being asked, once a domain of its protocol was enabled.</summary>
    public List<JsonNode> Events { get; } = [];

    public static async Task<Browser> OpenAsync(Uri page)
    {
        var browser = new Browser();
        browser._process = ForeignProcess.Start("chromium", [.. Flags, $"--user-data-dir={browser._profile.Path}", page.ToString()], null);
        int port = await browser.DebuggingPortAsync();
        using var http = new HttpClient();
        JsonArray targets = JsonNode.Parse(await http.GetStringAsync($"http://127.0.0.1:{port}/json/list"))!.AsArray();
        JsonNode target = targets.Single(each => (string)each!["type"]! == "page")!;
        await browser._socket.ConnectAsync(new Uri((string)target["webSocketDebuggerUrl"]!), CancellationToken.None);
        return browser;
    }

    /// <summary>Waits until a JavaScript expression is true.</summary>
    public async Task WaitForAsync(string expression)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!await IsTrueAsync(expression))
        {
            if (limit.IsCancellationRequested)
            {
                throw new TimeoutException(
                    $"{expression} did not become true. The page says:\n{await EvaluateAsync("document.body.innerText")}");
            }
            // The page has its own timers; there is nothing to wait on but its state.
            await Task.Delay(50, CancellationToken.None);
        }
    }

    private async Task<bool> IsTrueAsync(string expression)
    {
        try
        {
            return (await EvaluateAsync($"!!({expression})"))?.GetValue<bool>() == true;
        }
        catch (InvalidOperationException refused) when (refused.Message.Contains("execution context", StringComparison.Ordinal))
        {
            // Between two documents: the page loads, or loads again.
            return false;
        }
    }

    public async Task<JsonNode?> EvaluateAsync(string expression)
    {
        JsonNode result = await SendAsync("Runtime.evaluate", new JsonObject { ["expression"] = expression, ["returnByValue"] = true });
        return result["result"]!["value"];
    }

    public async Task<JsonNode> SendAsync(string method, JsonObject parameters)
    {
        int id = ++_lastId;
        var message = new JsonObject { ["id"] = id, ["method"] = method, ["params"] = parameters };
        await _socket.SendAsync(Encoding.UTF8.GetBytes(message.ToJsonString()), WebSocketMessageType.Text, true, CancellationToken.None);
        while (true)
        {
            JsonNode answer = await ReceiveAsync();
            if ((int?)answer["id"] == id)
            {
                return answer["result"] ?? throw new InvalidOperationException(answer.ToJsonString());
            }
            Events.Add(answer);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _socket.Dispose();
        await _process.DisposeAsync();
        _profile.Dispose();
    }

    private async Task<JsonNode> ReceiveAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var text = new MemoryStream();
        byte[] buffer = new byte[16 * 1024];
        WebSocketReceiveResult part;
        do
        {
            part = await _socket.ReceiveAsync(buffer, limit.Token);
            text.Write(buffer, 0, part.Count);
        }
        while (!part.EndOfMessage);
        return JsonNode.Parse(text.ToArray())!;
    }

    /// <summary>Chromium writes the port that it chose, and then its path, into this file.</summary>
    private async Task<int> DebuggingPortAsync()
    {
        string file = _profile["DevToolsActivePort"];
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            string[] lines = File.Exists(file) ? await File.ReadAllLinesAsync(file, limit.Token) : [];
            if (lines.Length >= 2)
            {
                return int.Parse(lines[0], System.Globalization.CultureInfo.InvariantCulture);
            }
            if (_process.HasExited)
            {
                throw new JsonException($"Chromium ended. It printed:\n{_process.Output}");
            }
            await Task.Delay(50, limit.Token);
        }
    }
}
