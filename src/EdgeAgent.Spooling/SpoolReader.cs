namespace EdgeAgent.Spooling;

/// <summary>Reads the committed records of one lane in order. One consumer.</summary>
public sealed class SpoolReader : IDisposable
{
    internal SpoolReader()
    {
    }

    /// <summary>The gap that <see cref="Read"/> has just found.</summary>
    public SpoolGap Gap => throw new NotSupportedException();

    /// <summary>Reads on.</summary>
    public ReadResult Read(out SpoolRecord record) => throw new NotSupportedException();

    /// <summary>The next call of <see cref="Read"/> starts here.</summary>
    public void Seek(ulong sequence) => throw new NotSupportedException();

    /// <summary>Gives the buffer back.</summary>
    public void Dispose() => throw new NotSupportedException();
}
