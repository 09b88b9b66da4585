using System.Diagnostics.CodeAnalysis;

namespace MQTTnet.Internal;

/// <summary>
/// Lets publishes through one after the other, in the order of the calls, as fast as the server's receive maximum (5.0, section 4.9) and the
/// output allow. Where nothing holds them up they pass without waiting.
/// </summary>
[SuppressMessage("Reliability", "CA1001", Justification = "A semaphore without a wait handle holds nothing, and waiters may be on their way out.")]
internal sealed class PublishGate(PacketOutput output, int receiveMaximum, CancellationToken ended)
{
    private readonly SemaphoreSlim _turn = new(1);
    private readonly SemaphoreSlim _quota = new(receiveMaximum);

    /// <summary>Waits for the turn, and where the server will answer also for a place in its quota.</summary>
    /// <exception cref="OperationCanceledException">The caller has cancelled, or the connection has ended: there is no turn to leave.</exception>
    public async ValueTask EnterAsync(bool isAnswered, CancellationToken cancellationToken)
    {
        await WaitAsync(_turn, cancellationToken).ConfigureAwait(false);
        try
        {
            await output.WaitForRoomAsync(PacketOutput.Backlog, cancellationToken).ConfigureAwait(false);
            if (isAnswered)
            {
                await WaitAsync(_quota, cancellationToken).ConfigureAwait(false);
            }
        }
        catch
        {
            _turn.Release();
            throw;
        }
    }

    /// <summary>The packet is in the output, or will never be: the next one may come.</summary>
    public void Leave() => _turn.Release();

    /// <summary>The server has answered, or was never asked.</summary>
    public void ReturnQuota() => _quota.Release();

    private async ValueTask WaitAsync(SemaphoreSlim semaphore, CancellationToken cancellationToken)
    {
        if (semaphore.Wait(0, cancellationToken))
        {
            return;
        }
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, ended);
        await semaphore.WaitAsync(either.Token).ConfigureAwait(false);
    }
}
