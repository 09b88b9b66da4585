using System.Collections.Concurrent;

namespace EdgeAgent.Batching;

/// <summary>What others want done by the pump itself, between two readings: only there nothing else touches its state.</summary>
internal sealed class PumpErrands(Wake wake)
{
    private readonly ConcurrentQueue<Errand> _queue = new();
    private volatile bool _hasEnded;

    /// <param name="tryDo">Asked once a round, until it is true.</param>
    /// <returns>Completes when it is done, or the pump has ended and there is nothing left to do it to. Fails as it fails.</returns>
    public Task DoAsync(Func<bool> tryDo)
    {
        var errand = new Errand(tryDo);
        _queue.Enqueue(errand);
        if (_hasEnded)
        {
            End();
        }
        wake.Set();
        return errand.Done.Task;
    }

    /// <summary>By the pump: does what can be done now, in the order in which it was asked.</summary>
    /// <returns>Whether anything was done, after which the pump looks again before it sleeps.</returns>
    public bool Round()
    {
        bool isAnyDone = false;
        while (_queue.TryPeek(out Errand? errand))
        {
            try
            {
                if (!errand.TryDo())
                {
                    break;
                }
                errand.Done.TrySetResult();
            }
            catch (Exception defect)
            {
                // Whoever asked is told. The readings of everybody else still need the pump.
                errand.Done.TrySetException(defect);
            }
            isAnyDone = true;
            _queue.TryDequeue(out _);
        }
        return isAnyDone;
    }

    /// <summary>The pump does nothing any more.</summary>
    public void End()
    {
        _hasEnded = true;
        while (_queue.TryDequeue(out Errand? errand))
        {
            errand.Done.TrySetResult();
        }
    }

    private sealed record Errand(Func<bool> TryDo)
    {
        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
