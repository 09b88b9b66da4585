using System.Globalization;
using System.Text;

namespace EdgeAgent.Commands;

/// <summary>
/// Readings as CSV (RFC 4180), UTF-8:
/// <code>
/// file   := header CRLF *( row CRLF )
/// header := time,series,value,unit,quality,clock,lane,sequence
/// value  := empty where the quality says that there is none
/// field  := in quotes where it holds a comma, a quote, CR, LF, or a space at an end; quotes doubled
/// </code>
/// </summary>
internal sealed class SpooledCsv : ISpooledReadingWriter
{
    private readonly StreamWriter _output;

    /// <param name="output">Stays open.</param>
    public SpooledCsv(Stream output)
    {
        _output = new StreamWriter(output, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), 64 * 1024, leaveOpen: true) { NewLine = "\r\n" };
        _output.WriteLine("time,series,value,unit,quality,clock,lane,sequence");
    }

    public void Write(in SpooledReading reading)
    {
        _output.Write(SpooledTime.Format(reading.UnixNanoseconds));
        WriteField(reading.Series.Name);
        WriteField(reading.Value);
        WriteField(reading.Series.Unit);
        _output.Write(',');
        _output.Write(reading.QualityName);
        _output.Write(',');
        _output.Write(reading.Clock);
        _output.Write(',');
        _output.Write(SpoolLanes.NameOf(reading.Lane));
        _output.WriteLine(string.Create(CultureInfo.InvariantCulture, $",{reading.Sequence}"));
    }

    public void Dispose() => _output.Dispose();

    private void WriteField(string text)
    {
        _output.Write(',');
        bool needsQuotes = text.AsSpan().ContainsAny(",\"\r\n") || text.StartsWith(' ') || text.EndsWith(' ');
        _output.Write(needsQuotes ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text);
    }
}
