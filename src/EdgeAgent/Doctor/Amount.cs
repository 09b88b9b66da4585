using System.Globalization;

namespace EdgeAgent.Doctor;

/// <summary>Bytes for people, who read three digits: "71.6 GiB". What is configured is written exactly, by <see cref="Configuration.ByteSize"/>.</summary>
internal static class Amount
{
    private static readonly string[] Units = ["B", "KiB", "MiB", "GiB", "TiB"];

    public static string Of(long bytes)
    {
        double amount = bytes;
        int unit = 0;
        while (amount >= 1024 && unit < Units.Length - 1)
        {
            (amount, unit) = (amount / 1024, unit + 1);
        }
        return string.Create(CultureInfo.InvariantCulture, $"{amount.ToString(unit == 0 || amount >= 100 ? "f0" : "f1", CultureInfo.InvariantCulture)} {Units[unit]}");
    }
}
