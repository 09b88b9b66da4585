using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using EdgeAgent.Ingestion.Storage;

namespace EdgeAgent.Ingestion.Web;

/// <summary>
/// The parameters of GET /api/readings:
/// <code>
/// series := ID | DEVICE "/" NAME          a device's name holds no slash, a series' name may
/// from   := instant, inclusive            default: the beginning
/// to     := instant, exclusive            default: the end
/// limit  := 1 to 100000                   default: 1000; for CSV without bound
/// order  := "asc" | "desc"                by time; default asc
/// format := "json" | "csv"                default: what Accept says, else json
/// </code>
/// </summary>
internal sealed record ReadingsRequest(StoredSeries Series, ReadingRange Range, long Limit, bool AsCsv)
{
    public const int MaximumLimit = 100_000;

    private const int DefaultLimit = 1_000;

    /// <remarks>
    /// problem: What is wrong with which parameter, and what would be right.
    /// isMissing: The parameters are right, and there is no such series.
    /// </remarks>
    public static bool TryRead(
        HttpRequest http, IReadingQueries queries, [NotNullWhen(true)] out ReadingsRequest? request, out string problem, out bool isMissing)
    {
        request = null;
        isMissing = false;
        IQueryCollection query = http.Query;
        string? format = query["format"];
        if (format is not (null or "json" or "csv"))
        {
            problem = $"format is \"{format}\". Use json or csv.";
            return false;
        }
        bool asCsv = format is null ? http.Headers.Accept.ToString().Contains("text/csv", StringComparison.OrdinalIgnoreCase)
            : format == "csv";
        if (!TryInstant(query, "from", out long? from, out problem) || !TryInstant(query, "to", out long? to, out problem))
        {
            return false;
        }
        string? limitText = query["limit"];
        long limit = asCsv ? long.MaxValue : DefaultLimit;
        if (limitText is not null
            && (!long.TryParse(limitText, NumberStyles.None, CultureInfo.InvariantCulture, out limit) || limit is < 1 or > MaximumLimit))
        {
            problem = $"limit is \"{limitText}\". Use 1 to {MaximumLimit}; for more, ask for CSV without a limit.";
            return false;
        }
        string? order = query["order"];
        if (order is not (null or "asc" or "desc"))
        {
            problem = $"order is \"{order}\". Use asc or desc.";
            return false;
        }
        string? name = query["series"];
        if (string.IsNullOrEmpty(name))
        {
            problem = "series is missing. Use an id from /api/series, or DEVICE/NAME.";
            return false;
        }
        StoredSeries? series = Find(name, queries);
        if (series is null)
        {
            problem = $"There is no series \"{name}\". /api/series lists those that there are.";
            isMissing = true;
            return false;
        }
        request = new ReadingsRequest(series, new ReadingRange(series.Id, from ?? long.MinValue, to, order == "desc"), limit, asCsv);
        return true;
    }

    private static StoredSeries? Find(string name, IReadingQueries queries)
    {
        int slash = name.IndexOf('/', StringComparison.Ordinal);
        if (slash > 0)
        {
            return queries.FindSeries(name[..slash], name[(slash + 1)..]);
        }
        return long.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out long id) ? queries.FindSeries(id) : null;
    }

    private static bool TryInstant(IQueryCollection query, string name, out long? instant, out string problem)
    {
        instant = null;
        problem = "";
        string? text = query[name];
        if (text is null)
        {
            return true;
        }
        if (!UnixTime.TryParse(text, out long found))
        {
            problem = $"{name} is \"{text}\". Use ISO 8601 such as 2026-01-31T12:00:00Z (a + must be written %2B), or nanoseconds since 1970.";
            return false;
        }
        instant = found;
        return true;
    }
}
