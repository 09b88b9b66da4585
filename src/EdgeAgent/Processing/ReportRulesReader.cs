using EdgeAgent.Configuration;
using EdgeAgent.Protocol.V1;

namespace EdgeAgent.Processing;

/// <summary>List <c>report</c> of the configuration.</summary>
internal static class ReportRulesReader
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1), Day = TimeSpan.FromDays(1);

    private static readonly (string Word, AggregateFunction Function)[] Functions =
    [
        ("min", AggregateFunction.Minimum), ("max", AggregateFunction.Maximum), ("mean", AggregateFunction.Mean),
        ("count", AggregateFunction.Count), ("last", AggregateFunction.Last),
    ];

    public static ReportRules Read(ConfigSection root)
    {
        IReadOnlyList<ConfigSection> sections = root.Sections("report");
        if (sections.Count > ReportRules.Most)
        {
            root.Report("report", $"There are {sections.Count} rules here, and {ReportRules.Most} are enough. Use prefixes that end in *.");
        }
        return new ReportRules([.. sections.Select(ReadRule)]);
    }

    private static ReportRule ReadRule(ConfigSection section)
    {
        var standard = new ReportRule();
        var rule = new ReportRule
        {
            Series = section.Text("series", standard.Series),
            Calibration = CalibrationReader.Read(section),
            Unit = section.Text("unit"),
            Decimals = ReadDecimals(section),
            Deadband = section.Number("deadband", 0, 1e15),
            DeadbandPercent = section.Number("deadbandPercent", 0, 100),
            Heartbeat = section.Time("heartbeat", standard.Heartbeat, Second, Day),
            MinimumInterval = section.Time("minimumInterval", standard.MinimumInterval, TimeSpan.Zero, Day),
            Window = ReadWindow(section),
            Alarm = section.OptionalSection("alarm") is { } alarm ? ReadAlarm(alarm) : null,
        };
        if (rule.DoesNothing)
        {
            section.ReportSection("This rule leaves nothing out and changes nothing. Give it a \"deadband\", a \"minimumInterval\", a \"window\", an \"alarm\" or a calibration, or remove it.");
        }
        return rule;
    }

    private static int? ReadDecimals(ConfigSection section)
    {
        if (section.Has("decimals"))
        {
            return section.Integer("decimals", 0, 0, 15);
        }
        // Asked for so that the key is known.
        section.Any("decimals");
        return null;
    }

    private static WindowRule? ReadWindow(ConfigSection section)
    {
        var functions = new List<AggregateFunction>();
        foreach (ConfigNode node in section.Texts("functions"))
        {
            AggregateFunction function = Array.Find(Functions, known => known.Word == node.Text).Function;
            if (function == AggregateFunction.Unspecified)
            {
                section.Report(node, $"\"{node.Text}\" is not known here. Choose from {string.Join(", ", Functions.Select(known => known.Word))}.");
            }
            functions.Add(function);
        }
        bool isRaw = section.Flag("raw", false);
        WindowAcknowledgement acknowledgement = section.Choice(
            "acknowledge", WindowAcknowledgement.Stored, ("stored", WindowAcknowledgement.Stored), ("window", WindowAcknowledgement.Window));
        if (!section.Has("window"))
        {
            // Asked for so that the key is known.
            section.Any("window");
            foreach (string key in (ReadOnlySpan<string>)["functions", "raw", "acknowledge"])
            {
                if (section.Has(key))
                {
                    section.Report(key, "This belongs to a \"window\". Add one or remove this.");
                }
            }
            return null;
        }
        TimeSpan length = section.Time("window", Second, Second, Day);
        if (length.Ticks % TimeSpan.TicksPerSecond != 0)
        {
            section.Report("window", "A window has whole seconds. Round it.");
        }
        var rule = new WindowRule { Length = length, IsRawReported = isRaw, Acknowledgement = acknowledgement };
        return functions.Count > 0 ? rule with { Functions = functions } : rule;
    }

    private static AlarmRule ReadAlarm(ConfigSection section)
    {
        var standard = new AlarmRule();
        var rule = new AlarmRule
        {
            Above = section.Number("above", -1e15, 1e15),
            Below = section.Number("below", -1e15, 1e15),
            Hysteresis = section.Number("hysteresis", 0, 1e15) ?? standard.Hysteresis,
            For = section.Time("for", standard.For, TimeSpan.Zero, Day),
        };
        if (rule.Above is null && rule.Below is null)
        {
            section.ReportSection("This alarm has no threshold. Give it \"above\", \"below\" or both.");
        }
        else if (rule.Above - rule.Hysteresis < rule.Below + rule.Hysteresis)
        {
            section.ReportSection("Between these thresholds no value ends the alarm. Put \"above\" and \"below\" at least two \"hysteresis\" apart, \"below\" the smaller one.");
        }
        return rule;
    }
}
