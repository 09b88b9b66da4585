using System.Threading.Channels;

namespace EdgeAgent.Ingestion.Storage.Control;

/// <summary>"Something has changed": set from any thread at no cost, heard by one task. However often it is set before that task looks, it looks once.</summary>
internal sealed class ChangeSignal
{
    private readonly Channel<bool> _signals = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public void Set() => _signals.Writer.TryWrite(true);

    /// <summary>What was set until now is still heard, and then the end.</summary>
    public void Complete() => _signals.Writer.TryComplete();

    /// <summary>Waits until it is set.</summary>
    /// <returns>False at the end.</returns>
    public async ValueTask<bool> NextAsync(CancellationToken cancellationToken = default) =>
        await _signals.Reader.WaitToReadAsync(cancellationToken) && _signals.Reader.TryRead(out _);
}
