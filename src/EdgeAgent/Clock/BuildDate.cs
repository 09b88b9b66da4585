using System.Globalization;
using System.Reflection;

namespace EdgeAgent.Clock;

/// <summary>The day on which the program was built, from its midnight on: no clock that is right shows less.</summary>
internal static class BuildDate
{
    private const string Key = "BuildDate"; // as the project file writes it

    public static DateTimeOffset Value { get; } = Read();

    private static DateTimeOffset Read()
    {
        AssemblyMetadataAttribute date = typeof(BuildDate).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(entry => entry.Key == Key);
        return DateTimeOffset.ParseExact(date.Value!, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
    }
}
