namespace EdgeAgent.Configuration;

/// <summary>Finds the known word that somebody most likely meant.</summary>
internal static class Suggestion
{
    /// <returns>A whole sentence with a leading space, or nothing where no known word is near.</returns>
    public static string For(string written, IEnumerable<string> known)
    {
        string? nearest = known.MinBy(word => Distance(written, word));
        // A third of the letters may be wrong: more than that is another word.
        return nearest is not null && Distance(written, nearest) <= Math.Max(1, nearest.Length / 3) ? $" Did you mean \"{nearest}\"?" : "";
    }

    /// <summary>
    /// Optimal string alignment distance: insertions, deletions, replacements and swaps of neighbours, blind to upper and
    /// lower case.
    /// </summary>
    private static int Distance(string left, string right)
    {
        var costs = new int[left.Length + 1, right.Length + 1];
        for (int i = 0; i <= left.Length; i++)
        {
            for (int j = 0; j <= right.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    costs[i, j] = i + j;
                    continue;
                }
                int replace = Same(left[i - 1], right[j - 1]) ? 0 : 1;
                int cost = Math.Min(Math.Min(costs[i - 1, j] + 1, costs[i, j - 1] + 1), costs[i - 1, j - 1] + replace);
                if (i > 1 && j > 1 && Same(left[i - 1], right[j - 2]) && Same(left[i - 2], right[j - 1]))
                {
                    cost = Math.Min(cost, costs[i - 2, j - 2] + 1);
                }
                costs[i, j] = cost;
            }
        }
        return costs[left.Length, right.Length];
    }

    private static bool Same(char left, char right) => char.ToLowerInvariant(left) == char.ToLowerInvariant(right);
}
