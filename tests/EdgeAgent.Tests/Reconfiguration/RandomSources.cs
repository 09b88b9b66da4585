using EdgeAgent.Tests.Sensors.Kernel;

namespace EdgeAgent.Tests.Reconfiguration;

/// <summary>Sections of sources, drawn at random from a few entries, so that two draws have much in common. Beside the relay and the meter, which are in all of them.</summary>
internal sealed class RandomSources(int seed)
{
    private const string Simulated = """ "chip": "simulated", "period": "1h", "interval": "7d" """;
    private static readonly string[] Intervals = ["5ms", "40ms", "1s"];
    private static readonly string[] Chips = ["bme280", "bh1750", "sht3x", "mcp9808"];
    private static readonly string[] Modes = ["level", "edges", "counter", "output"];
    private static readonly string[] Subjects = ["uptime", "load", "memory"];

    private readonly Random _random = new(seed);

    /// <summary>The devices that the entries name.</summary>
    public static void Write(KernelTree tree)
    {
        for (int i = 0; i < 3; i++)
        {
            tree.Write($"/sys/class/hwmon/hwmon{i}", ("name", $"mdl-{i}"), ("temp1_input", "21500"));
            tree.Write($"/sys/class/thermal/thermal_zone{i}", ("type", $"zone-{i}"), ("temp", "42000"));
            tree.Write($"/sys/bus/w1/devices/28-00000000000{i}/w1_slave", "57 01 4b 46 7f ff 0c 10 b3 : crc=b3 YES\n57 01 4b 46 7f ff 0c 10 b3 t=21437");
        }
    }

    public static string Unchanged => $$"""
        { {{Simulated}}, "line": "relay", "mode": "output", "series": "relay" }, { {{Simulated}}, "line": "meter", "mode": "counter", "series": "meter" }
        """;

    public string Next() => $$"""
        "i2c": [ {{Bus()}} ],
        "gpio": [ {{Unchanged}} {{List(5, Line, ", ")}} ],
        "hwmon": [ {{List(3, i => $$"""{ "chip": "mdl-{{i}}", "series": "hwmon{{i}}", {{Interval()}} }""")}} ],
        "thermal": [ {{List(3, i => $$"""{ "zone": "zone-{{i}}", "series": "zone{{i}}", {{Interval()}} }""")}} ],
        "onewire": [ {{List(3, i => $$"""{ "sensor": "28-00000000000{{i}}", "series": "wire{{i}}", {{Interval()}} }""")}} ],
        "iio": [ {{List(2, i => $$"""{ "device": "adc-{{i}}", "series": "adc{{i}}", "buffer": { "rate": {{_random.Next(1, 3)}} } }""")}} ],
        "mqtt": [ {{List(2, Intake)}} ]
        {{(_random.Next(2) == 0 ? "" : $$""", "host": { "series": "host", "what": ["{{Pick(Subjects)}}"], {{Interval()}} }""")}}
        """;

    private string Bus() => _random.Next(4) == 0 ? "" : $$"""
        { "bus": "simulated", "seed": {{_random.Next(1, 3)}}, "sensors": [ { "chip": "{{Chips[0]}}", "series": "chip0", {{Interval()}} }
          {{List(3, i => $$"""{ "chip": "{{Chips[i + 1]}}", "series": "chip{{i + 1}}", {{Interval()}} }""", ", ")}} ] }
        """;

    private string Line(int number)
    {
        string mode = Pick(Modes);
        return mode == "edges"
            ? $$"""{ "chip": "simulated", "period": "1h", "line": "line{{number}}", "series": "line{{number}}", "mode": "edges" }"""
            : $$"""{ "chip": "simulated", "period": "1h", "line": "line{{number}}", "series": "line{{number}}", "mode": "{{mode}}", {{Interval()}} }""";
    }

    private string Intake(int number) => $$"""
        { "listen": "mqtt://127.0.0.1:0", "name": "intake{{number}}", "rules": [ { "topic": "t/+", "series": "i{{number}}/{{_random.Next(2)}}/{1}" } ] }
        """;

    private string Interval() => $"\"interval\": \"{Pick(Intervals)}\"";

    private string Pick(string[] words) => words[_random.Next(words.Length)];

    /// <summary>Each of so many entries, or not.</summary>
    private string List(int most, Func<int, string> entry, string before = "")
    {
        string[] entries = [.. Enumerable.Range(0, most).Where(_ => _random.Next(3) > 0).Select(entry)];
        return entries.Length == 0 ? "" : before + string.Join(", ", entries);
    }
}
