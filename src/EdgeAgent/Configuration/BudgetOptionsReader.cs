using EdgeAgent.Uplink.Budget;

namespace EdgeAgent.Configuration;

/// <summary>Section <c>budget</c>.</summary>
internal static class BudgetOptionsReader
{
    /// <summary>64 KiB: with less not even the connections of a day would fit in.</summary>
    private const long Least = 64 * 1024;

    private const long Most = 1L << 40;

    /// <summary>As many as a week needs with three a day.</summary>
    private const int MostWindows = 21;

    public static BudgetOptions Read(ConfigSection section)
    {
        var standard = new BudgetOptions();
        var options = new BudgetOptions
        {
            BytesPerDay = section.OptionalSize("perDay", Least, Most),
            BytesPerMonth = section.OptionalSize("perMonth", Least, Most),
            MonthStartsOn = section.Integer("monthStartsOn", standard.MonthStartsOn, 1, 28),
            BacklogShare = section.Integer("backlogShare", standard.BacklogShare, 0, 100),
            Zone = ReadZone(section) ?? standard.Zone,
            BacklogWindows = ReadWindows(section),
        };
        if (options.BytesPerDay > options.BytesPerMonth)
        {
            section.Report("perDay", "This is more than \"perMonth\". Make it smaller, or remove it.");
        }
        return options;
    }

    private static TimeZoneInfo? ReadZone(ConfigSection section)
    {
        const string zone = "timeZone";
        if (section.Text(zone) is not { } name)
        {
            return null;
        }
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(name, out TimeZoneInfo? found))
        {
            section.Report(zone, $"This machine knows no time zone \"{name}\". Write one as in /usr/share/zoneinfo, such as \"Europe/Berlin\" or \"UTC\".");
        }
        return found;
    }

    private static BacklogWindow[] ReadWindows(ConfigSection section)
    {
        const string key = "backlogWindows";
        IReadOnlyList<ConfigNode> texts = section.Texts(key);
        if (texts.Count > MostWindows)
        {
            section.Report(key, $"There are {texts.Count} windows here, and {MostWindows} are enough. Remove some.");
        }
        var windows = new List<BacklogWindow>();
        foreach (ConfigNode node in texts)
        {
            if (BacklogWindow.TryParse(node.Text, out BacklogWindow? window))
            {
                windows.Add(window);
            }
            else
            {
                section.Report(node, $"\"{node.Text}\" is not a window. Write \"22:00-06:00\", \"Mo-Fr 19:00-07:00\" or \"Sa,Su 00:00-24:00\".");
            }
        }
        return [.. windows];
    }
}
