namespace EdgeAgent.Ingestion.Commands;

/// <summary>Rows as text, in columns as wide as their widest cell.</summary>
internal static class Table
{
    public static string Of(string[] head, IEnumerable<string[]> rows)
    {
        string[][] all = [head, .. rows];
        int[] widths = [.. head.Select((_, column) => all.Max(row => row[column].Length))];
        return string.Join('\n', all.Select(row => string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd()));
    }
}
