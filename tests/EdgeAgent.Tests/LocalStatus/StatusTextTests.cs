using System.Text.Json;
using EdgeAgent.Commands;
using EdgeAgent.Diagnostics;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Uplink;

namespace EdgeAgent.Tests.LocalStatus;

public sealed class StatusTextTests
{
    [Fact]
    public void A_device_that_is_well_says_so_first_and_shows_what_people_ask_for()
    {
        string text = Text(SampleStatus.Well);
        string[] lines = text.Split('\n');
        Assert.Equal("cabinet-7  edge-agent 1.2.3, running 3d4h, all is well", lines[0]);
        foreach (string shown in (string[])
        [
            "cloud         online for 5h, last receipt 2s ago,", "              https://ingest.example.com:8443/", "certificate   2026-08-02 (90 days left), in force",
            "time          2026-05-04T03:02:01Z, known by kernel within 1.5 ms", "cloud lags    4s", "live          2.0 KiB wait, the oldest for 3s (streaming)",
            "spool         sound, 12.0 MiB of 64.0 MiB, full in 25d if nothing is sent", "configuration revision 12 by anna",
            "readings      123,456 read, 123,400 in the cloud, none lost", "memory        41.0 MiB, 23 threads",
        ])
        {
            Assert.Contains(shown, lines);
        }
        Assert.Contains(lines, line => line.StartsWith("cabinet/temperature", StringComparison.Ordinal) && line.EndsWith("21.57 °C        3s        10s", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("cabinet/humidity", StringComparison.Ordinal) && line.Contains("checksum", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("host/memory/used ", StringComparison.Ordinal) && line.Contains(" 1.5 MiB ", StringComparison.Ordinal));
        Assert.False(StatusText.NeedsAttention(Json(SampleStatus.Well)));
    }

    [Fact]
    public void What_is_wrong_stands_above_everything_with_what_to_do_about_it()
    {
        AgentStatus wrong = SampleStatus.Well with
        {
            Connection = SampleStatus.Well.Connection with { Line = new LineStanding(LineState.Offline, TimeSpan.FromMinutes(12), "The name ingest.example.com has no address.", TimeSpan.Zero) },
            Sensors = [SampleStatus.Sensor("cabinet", 40)],
        };
        string text = Text(wrong);
        Assert.True(text.IndexOf("! The service has been out of reach for 12m", StringComparison.Ordinal) < text.IndexOf("cloud  ", StringComparison.Ordinal), text);
        Assert.Contains("something needs attention", text, StringComparison.Ordinal);
        Assert.Contains("sensor that fails", text, StringComparison.Ordinal);
        Assert.True(StatusText.NeedsAttention(Json(wrong)));
    }

    [Fact]
    public void Nothing_is_wider_than_a_terminal_of_80_columns_whatever_devices_call_themselves()
    {
        AgentStatus wide = SampleStatus.Well with
        {
            Series = [SampleStatus.Series(new string('n', 300), "someverylongunit", 1.0 / 3, Quality.Good), SampleStatus.Series("text", "", 0, Quality.Good, new string('t', 90))],
            Sensors = [SampleStatus.Sensor(string.Join('/', Enumerable.Repeat("level", 9)), 5)],
            Connection = SampleStatus.Well.Connection with
            {
                Line = new LineStanding(LineState.Offline, TimeSpan.FromDays(2), string.Join(' ', Enumerable.Repeat("words of the failure", 20)), TimeSpan.Zero),
            },
        };
        string[] lines = Text(wide).Split('\n');
        Assert.All(lines, line => Assert.True(line.Length <= 80, $"{line.Length}: {line}"));
    }

    [Fact]
    public void Control_characters_of_a_device_reach_no_terminal_and_colours_only_one_that_wants_them()
    {
        AgentStatus hostile = SampleStatus.Well with { Series = [SampleStatus.Series("text", "", 0, Quality.Good, "a\e[2Jb\rc\u009bd")] };
        string plain = Text(hostile);
        Assert.DoesNotContain(plain, letter => char.IsControl(letter) && letter != '\n');
        Assert.Contains("a?[2Jb?c?d", plain, StringComparison.Ordinal);
        string coloured = StatusText.Of(Json(hostile), isColoured: true);
        Assert.Contains("\e[1;32mall is well\e[0m", coloured, StringComparison.Ordinal);
        Assert.DoesNotContain("\e[2J", coloured, StringComparison.Ordinal);
    }

    [Fact]
    public void An_agent_of_another_version_and_one_that_is_being_rebuilt_are_shown_as_far_as_they_say_something()
    {
        Assert.Contains("edge-agent", StatusText.Of(JsonDocument.Parse("""{ "state": "running", "version": "9" }""").RootElement, isColoured: false), StringComparison.Ordinal);
        JsonElement between = JsonDocument.Parse(AgentStatusJson.Without("Ask again.")).RootElement;
        Assert.Equal("Ask again.\n", StatusText.Of(between, isColoured: false));
        Assert.True(StatusText.NeedsAttention(between));
    }

    private static string Text(AgentStatus status) => StatusText.Of(Json(status), isColoured: false);

    private static JsonElement Json(AgentStatus status) => JsonDocument.Parse(AgentStatusJson.Of(status)).RootElement;
}
