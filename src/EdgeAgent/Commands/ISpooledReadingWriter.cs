namespace EdgeAgent.Commands;

/// <summary>A form in which readings are written out: <see cref="SpooledCsv"/> or <see cref="SpooledJsonLines"/>.</summary>
internal interface ISpooledReadingWriter : IDisposable
{
    void Write(in SpooledReading reading);
}
