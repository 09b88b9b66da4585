using System.Globalization;

namespace EdgeAgent.Ingestion.Configs;

/// <summary>
/// How many devices a stage is for:
/// <code>
/// stage  := percent | count
/// percent := 1 to 100 "%"           rounded up
/// count   := 1 to 1000000
/// stages := stage *( "," stage )    the last one is always 100%
/// </code>
/// </summary>
internal readonly record struct RolloutStage(long Value, bool IsPercent)
{
    public static readonly RolloutStage All = new(100, IsPercent: true);

    private const long MostDevices = 1_000_000;

    public static bool TryParse(string text, out RolloutStage stage)
    {
        text = text.Trim();
        bool isPercent = text.EndsWith('%');
        bool isNumber = long.TryParse(isPercent ? text[..^1] : text, NumberStyles.None, CultureInfo.InvariantCulture, out long value);
        stage = new RolloutStage(value, isPercent);
        return isNumber && value >= 1 && value <= (isPercent ? All.Value : MostDevices);
    }

    public static bool TryParseAll(string text, out IReadOnlyList<RolloutStage> stages)
    {
        var parsed = new List<RolloutStage>();
        stages = parsed;
        foreach (string part in text.Split(','))
        {
            if (!TryParse(part, out RolloutStage stage))
            {
                return false;
            }
            parsed.Add(stage);
        }
        if (parsed[^1] != All)
        {
            parsed.Add(All);
        }
        return true;
    }

    public static string Format(IEnumerable<RolloutStage> stages) => string.Join(',', stages);

    /// <summary>Of so many devices.</summary>
    public long Of(long devices) => IsPercent ? ((devices * Value) + All.Value - 1) / All.Value : Math.Min(Value, devices);

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture) + (IsPercent ? "%" : "");
}
