using System.Net;
using System.Text.Json;
using EdgeAgent.Commands;
using EdgeAgent.Configuration;
using EdgeAgent.Ingestion.Tests;
using EdgeAgent.LocalStatus;
using EdgeAgent.Testing;
using EdgeAgent.Tests.Commands;
using EdgeAgent.Tests.RemoteConfig;

namespace EdgeAgent.Tests.LocalStatus;

/// <summary>A whole agent with a simulated sensor, and nobody at the other end.</summary>
[Collection(CommandLine.Collection)]
public sealed class RunningStatusTests : IAsyncLifetime, IDisposable
{
    private const string Sensors = """ "i2c": [ { "bus": "simulated", "sensors": [ { "chip": "sht3x", "series": "cabinet", "interval": "100ms" } ] } ], "batch": { "maximumAge": "200ms" } """;

    private static readonly TimeSpan Enough = TimeSpan.FromMinutes(2);

    private readonly Device _device = new();
    private readonly int _port = Loopback.FreePort();
    private readonly CancellationTokenSource _stop = new();
    private AgentProcess _agent = null!;
    private Task<int> _running = null!;

    private string Socket => _device.Folder["s.sock"];

    private string Local => $$""" "local": { "socket": "s.sock", "listen": "127.0.0.1:{{_port}}", "page": true } """;

    public async Task InitializeAsync()
    {
        _device.WriteOwn($"{Local}, {Sensors}");
        _agent = AgentProcess.Create(_device.File, out IReadOnlyList<ConfigError> errors) ?? throw new InvalidOperationException(string.Join('\n', errors));
        _running = Task.Run(() => _agent.RunAsync(_stop.Token));
        await Loopback.WaitForPortAsync(_port, Enough);
        await Eventually.TrueAsync(() => File.Exists(Socket), Enough, "the socket is there");
        await Eventually.TrueAsync(IsRunningAsync, Enough, () => "the inside runs");
    }

    public async Task DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running.WaitAsync(Enough);
        await _agent.DisposeAsync();
    }

    /// <summary>After the asynchronous part.</summary>
    public void Dispose()
    {
        _stop.Dispose();
        _device.Dispose();
    }

    [Fact]
    public async Task The_status_has_every_sensor_and_series_the_spool_the_configuration_and_the_line()
    {
        // Series are there before their first value.
        await Eventually.TrueAsync(
            async () => (await StatusAsync()).GetProperty("sensors").EnumerateArray().Any(one => one.GetProperty("answered").GetInt64() > 0), Enough, () => "the sensor answers");
        JsonElement status = await StatusAsync();
        JsonElement sensor = Assert.Single(status.GetProperty("sensors").EnumerateArray());
        Assert.Equal("cabinet", sensor.GetProperty("name").GetString());
        Assert.True(sensor.GetProperty("answered").GetInt64() > 0);
        Assert.Equal(0, sensor.GetProperty("failedInARow").GetInt64());
        Assert.Equal(0.1, sensor.GetProperty("intervalSeconds").GetDouble());
        Assert.Contains(status.GetProperty("series").EnumerateArray(), series => series.GetProperty("name").GetString() == "cabinet/temperature");
        Assert.Equal("sound", status.GetProperty("spool").GetString());
        Assert.Equal(_device.Folder["spool"], status.GetProperty("buffer").GetProperty("folder").GetString());
        Assert.Equal("running", status.GetProperty("configuration").GetProperty("phase").GetString());
        Assert.Equal(0, status.GetProperty("configuration").GetProperty("revision").GetInt32());
        Assert.Equal("https://localhost:8443/", status.GetProperty("connection").GetProperty("endpoint").GetString());
        Assert.True(status.GetProperty("process").GetProperty("memoryBytes").GetInt64() > 1_000_000);
        await Eventually.TrueAsync(
            async () => (await StatusAsync()).GetProperty("connection").GetProperty("lastFailure").GetString() is { Length: > 0 }, Enough, () => "why the line is away is told");
    }

    [Fact]
    public async Task Watching_for_a_program_prints_a_line_of_json_each_second_until_a_signal_ends_it()
    {
        await using ForeignProcess watching = ForeignProcess.Start("dotnet", ShippedProgram.Agent, "status", "--watch", "--json", "--socket", Socket);
        await Eventually.TrueAsync(() => watching.Output.Split('\n').Length > 3, Enough, () => $"three looks; it said {watching.Output}");
        await ForeignProcess.RunAsync("kill", ["-TERM", $"{watching.Id}"], Enough);

        Assert.InRange(await watching.WaitForExitAsync(Enough), ExitCode.Success, ExitCode.Failure);
        double[] times = [.. watching.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static line =>
        {
            using JsonDocument status = JsonDocument.Parse(line);
            return status.RootElement.GetProperty("runningSeconds").GetDouble();
        })];
        Assert.All(times.Zip(times.Skip(1)), static pair => Assert.True(pair.Second > pair.First));
    }

    [InstalledFact("script")]
    public async Task Watching_at_a_terminal_uses_a_screen_of_its_own_and_gives_the_former_one_back()
    {
        // script(1) is the terminal.
        string processId = _device.Folder["watching.pid"];
        await using ForeignProcess watching = ForeignProcess.Start(
            "script", ["-qfec", $"stty rows 60 columns 200; echo $$ >{processId}; exec dotnet {ShippedProgram.Agent} status --watch --socket {Socket}", "/dev/null"], new Dictionary<string, string> { ["TERM"] = "xterm" });
        await Eventually.TrueAsync(() => watching.Output.Split("\e[H").Length > 2, Enough, () => $"two looks; it said {watching.Output}");
        // SIGINT is ignored by whatever a shell has started in the background, and by its children.
        await ForeignProcess.RunAsync("kill", ["-TERM", File.ReadAllText(processId).Trim()], Enough);
        await watching.WaitForExitAsync(Enough);

        int[] places = [.. new[] { "\e[?1049h", "\e[H", "cabinet/temperature", "\e[?1049l" }.Select(text => watching.Output.IndexOf(text, StringComparison.Ordinal))];
        Assert.DoesNotContain(-1, places);
        Assert.Equal(places.Order(), places);
    }

    [Fact]
    public async Task The_socket_and_the_port_stay_while_the_inside_is_built_anew_and_follow_the_file()
    {
        AgentHost before = _agent.Host!;
        _device.WriteOwn($"{Local}, {Sensors}, \"clock\": {{ \"trust\": \"always\" }}");
        _agent.Reload();
        await Eventually.TrueAsync(
            async () =>
            {
                // Every question has an answer: one of the old inside, that there is none, or one of the new.
                string state = (await StatusAsync()).GetProperty("state").GetString()!;
                Assert.True(state is "running" or "rebuilding", state);
                return _agent.Host is { } now && now != before;
            },
            Enough, () => "the inside is another one");
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{_port}") };
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/metrics")).StatusCode);
        Assert.Equal("configuration", (await StatusAsync()).GetProperty("clock").GetProperty("source").GetString());

        // Without a port in the file there is none, and the inside is not touched for that.
        AgentHost inside = _agent.Host!;
        _device.WriteOwn($"\"local\": {{ \"socket\": \"other.sock\" }}, {Sensors}, \"clock\": {{ \"trust\": \"always\" }}");
        _agent.Reload();
        await Eventually.TrueAsync(() => File.Exists(_device.Folder["other.sock"]) && !File.Exists(Socket), Enough, "the socket is in the other place");
        await Assert.ThrowsAsync<HttpRequestException>(() => http.GetAsync("/metrics"));
        Assert.Same(inside, _agent.Host);
    }

    [Fact]
    public async Task The_port_answers_a_browser_and_a_scraper_and_nobody_who_calls_the_device_by_another_name()
    {
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{_port}") };
        using HttpResponseMessage page = await http.GetAsync("/");
        Assert.Equal("text/html", page.Content.Headers.ContentType!.MediaType);
        string metrics = await http.GetStringAsync("/metrics");
        Assert.Contains("edge_agent_readings_read_total{source=\"i2c\"} ", metrics, StringComparison.Ordinal);
        Assert.Equal("running", JsonDocument.Parse(await http.GetStringAsync("/status")).RootElement.GetProperty("state").GetString());
        using var rebound = new HttpRequestMessage(HttpMethod.Get, "/status") { Headers = { Host = "evil.example" } };
        Assert.Equal(HttpStatusCode.MisdirectedRequest, (await http.SendAsync(rebound)).StatusCode);
    }

    [Fact]
    public async Task The_command_finds_the_agent_by_its_configuration_and_ends_as_the_device_does()
    {
        (int exitCode, string output, string error) = await Task.Run(() => AgentProgram.Run("status", "--json", "--config", _device.File));
        Assert.Equal("", error);
        JsonElement status = JsonDocument.Parse(output).RootElement;
        Assert.Equal(StatusText.NeedsAttention(status) ? 1 : 0, exitCode);

        (_, output, error) = await Task.Run(() => AgentProgram.Run("status", "--config", _device.File));
        Assert.Equal("", error);
        Assert.Contains("its own file", output, StringComparison.Ordinal);
        Assert.All(output.Split('\n'), line => Assert.True(line.Length <= 80, line));
        Assert.DoesNotContain('\e', output);
    }

    [Fact]
    public void Without_an_agent_the_command_says_how_to_start_it_and_ends_with_69()
    {
        (int exitCode, string output, string error) = AgentProgram.Run("status", "--socket", _device.Folder["nobody.sock"]);
        Assert.Equal((69, ""), (exitCode, output));
        Assert.Contains("The agent does not run", error, StringComparison.Ordinal);
        Assert.Contains("sudo systemctl start edge-agent", error, StringComparison.Ordinal);
    }

    [InstalledFact("chromium")]
    public async Task The_page_shows_on_a_phone_what_the_status_says_without_errors_or_scrolling_sideways()
    {
        await using Browser browser = await Browser.OpenAsync(new Uri($"http://127.0.0.1:{_port}/"));
        await browser.SendAsync("Emulation.setDeviceMetricsOverride", new() { ["width"] = 360, ["height"] = 740, ["deviceScaleFactor"] = 2, ["mobile"] = true });
        await browser.WaitForAsync("document.querySelectorAll('#series li').length >= 2");
        string text = (string)(await browser.EvaluateAsync("document.body.innerText"))!;
        Assert.Contains("cabinet/temperature", text, StringComparison.Ordinal);
        Assert.Contains("°C", text, StringComparison.Ordinal);
        Assert.Contains("https://localhost:8443/", text, StringComparison.Ordinal);
        Assert.Equal(360, (int?)await browser.EvaluateAsync("document.documentElement.scrollWidth"));

        // It follows by itself.
        await browser.EvaluateAsync("window.shownBefore = document.querySelector('#since').textContent");
        await browser.WaitForAsync("document.querySelector('#since').textContent !== window.shownBefore");
        // What was logged since the page was opened is told when somebody listens: scripts and styles that the policy refuses are among it.
        await browser.SendAsync("Log.enable", []);
        await browser.SendAsync("Runtime.enable", []);
        await browser.EvaluateAsync("1");
        Assert.DoesNotContain(browser.Events, seen => (string?)seen["method"] is "Log.entryAdded" or "Runtime.exceptionThrown");
        if (Environment.GetEnvironmentVariable("EDGEAGENT_SCREENSHOT") is { } file)
        {
            var shot = await browser.SendAsync("Page.captureScreenshot", new() { ["captureBeyondViewport"] = true });
            await File.WriteAllBytesAsync(file, Convert.FromBase64String((string)shot["data"]!));
        }

        await _stop.CancelAsync();
        await _running.WaitAsync(Enough);
        await _agent.DisposeAsync();
        await browser.WaitForAsync("document.querySelector('#verdict').textContent.includes('No answer')");
    }

    [Fact]
    public void The_page_is_small_and_lets_nothing_run_that_it_was_not_built_with()
    {
        LocalAnswer page = StatusPage.Answer;
        Assert.InRange(page.Body.Length, 1, 20 * 1024);
        string html = System.Text.Encoding.UTF8.GetString(page.Body.Span);
        Assert.DoesNotContain("://", html, StringComparison.Ordinal);
        Assert.DoesNotContain("innerHTML", html, StringComparison.Ordinal);
        Assert.DoesNotContain("style=", html, StringComparison.Ordinal);
        Assert.StartsWith("default-src 'none'; script-src 'sha256-", page.Policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", page.Policy, StringComparison.Ordinal);
    }

    private async Task<bool> IsRunningAsync()
    {
        try
        {
            return (await StatusAsync()).GetProperty("state").GetString() == "running";
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private async Task<JsonElement> StatusAsync()
    {
        using JsonDocument status = await StatusClient.ReadAsync(Socket, CancellationToken.None);
        return status.RootElement.Clone();
    }
}
