using System.Globalization;
using System.Text;
using EdgeAgent.Ingestion.Storage;

namespace EdgeAgent.Ingestion.Web;

/// <summary>
/// Readings as CSV (RFC 4180), UTF-8, one row a reading:
/// <code>
/// file   := header CRLF *( row CRLF )
/// header := time,unix_nanoseconds,value,unit,quality,device,series,clock,late
/// value  := empty where the quality says that there is none
/// clock  := synchronized | provisional            of the device, when it made the time
/// late   := true | false                          it came by the backlog
/// text   := quoted where it holds a comma, a quote, CR, LF, or a space at an end; quotes doubled
/// </code>
/// </summary>
internal sealed class ReadingsCsv(StoredSeries series, IEnumerable<StoredReading> readings) : IResult
{
    // Flushed whenever so much is written: bounds memory whatever the range.
    private const int FlushCharacters = 16 * 1024;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        HttpResponse response = httpContext.Response;
        response.ContentType = "text/csv; charset=utf-8; header=present";
        var text = new StringBuilder(FlushCharacters + 1024);
        text.Append("time,unix_nanoseconds,value,unit,quality,device,series,clock,late\r\n");
        string tail = $",{Quoted(series.Device)},{Quoted(series.Name)},";
        string unit = Quoted(series.Unit);
        foreach (StoredReading reading in readings)
        {
            text.Append(CultureInfo.InvariantCulture, $"{UnixTime.Format(reading.UnixNanoseconds)},{reading.UnixNanoseconds},");
            text.Append(CultureInfo.InvariantCulture, $"{Quoted(reading.Value.ToString())},{unit},{ApiViews.Name(reading.Quality)}");
            text.Append(tail).Append(reading.IsProvisional ? "provisional," : "synchronized,").Append(reading.IsLate ? "true\r\n" : "false\r\n");
            if (text.Length >= FlushCharacters)
            {
                await FlushAsync(text, response, httpContext.RequestAborted);
            }
        }
        await FlushAsync(text, response, httpContext.RequestAborted);
    }

    public static string Quoted(string text)
    {
        bool needsQuotes = text.AsSpan().ContainsAny(",\"\r\n") || text.StartsWith(' ') || text.EndsWith(' ');
        return needsQuotes ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
    }

    private static async Task FlushAsync(StringBuilder text, HttpResponse response, CancellationToken aborted)
    {
        foreach (ReadOnlyMemory<char> chunk in text.GetChunks())
        {
            Encoding.UTF8.GetBytes(chunk.Span, response.BodyWriter);
        }
        text.Clear();
        await response.BodyWriter.FlushAsync(aborted);
    }
}
