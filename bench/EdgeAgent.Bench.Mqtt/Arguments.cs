using System.Globalization;

namespace EdgeAgent.Bench.Mqtt;

/// <summary><c>--name number</c> pairs, and flags without a number.</summary>
internal sealed class Arguments
{
    private readonly Dictionary<string, int> _values = [];

    /// <summary>Seconds that one measurement lasts, about.</summary>
    public int Seconds => Number("seconds", 5);

    public bool Json => _values.ContainsKey("json");

    public static Arguments Parse(string[] args)
    {
        var parsed = new Arguments();
        for (int i = 0; i < args.Length; i++)
        {
            string name = args[i].TrimStart('-');
            bool hasNumber = i + 1 < args.Length && int.TryParse(args[i + 1], CultureInfo.InvariantCulture, out _);
            parsed._values[name] = hasNumber ? int.Parse(args[++i], CultureInfo.InvariantCulture) : 1;
        }
        return parsed;
    }

    public int Number(string name) => _values[name];

    public int Number(string name, int absent) => _values.GetValueOrDefault(name, absent);
}
