namespace EdgeAgent.Ingestion.Commands;

/// <summary>Rows of words under each other, as wide as they need to be.</summary>
internal static class TextTable
{
    private const string Between = "  ";

    /// <param name="rows">The first one is the heading; all have as many words.</param>
    public static IEnumerable<string> Lines(IReadOnlyList<IReadOnlyList<string>> rows)
    {
        int[] widths = [.. rows[0].Select((_, column) => rows.Max(row => row[column].Length))];
        return rows.Select(row => string.Join(Between, row.Select((word, column) => word.PadRight(widths[column]))).TrimEnd());
    }
}
