using EdgeAgent.Spooling.Files;

namespace EdgeAgent.Spooling;

/// <content>What comes in, and what happens where there is no segment for it.</content>
public sealed partial class SpoolQueue
{
    /// <summary>
    /// Makes sure that a payload of up to this many bytes fits without a new segment, and returns the first sequence of the segment
    /// that it will go into: the epoch of whatever must be repeated in every segment.
    /// </summary>
    /// <exception cref="SpoolFullException">There is no room and nothing may give way. Nothing has changed.</exception>
    /// <exception cref="SpoolBrokenException">A write failed, now or before. Open the spool again.</exception>
    public ulong PrepareAppend(int maximumPayloadBytes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maximumPayloadBytes, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maximumPayloadBytes, _space.Options.MaximumPayloadBytes);
        lock (_space.Gate)
        {
            ThrowIfUnusable();
            if (_log.Fits(maximumPayloadBytes) && !_log.IsTurnDue(maximumPayloadBytes))
            {
                return _log.Newest!.First;
            }
        }
        lock (_space.Rolling)
        {
            return BeginSegment(maximumPayloadBytes, mayTurn: true);
        }
    }

    /// <summary>
    /// Appends one record and returns its sequence. It is not durable before <see cref="Committed"/> reaches it. Where the payload is
    /// larger than what <see cref="PrepareAppend"/> was told, it may begin a new segment.
    /// </summary>
    /// <param name="payload">1 to <see cref="SpoolOptions.MaximumPayloadBytes"/> bytes; copied before this returns.</param>
    /// <param name="items">How many readings it holds, so that a loss can be counted in readings.</param>
    /// <param name="mustBeWritten">
    /// It is committed only when it is on flash, also where memory might hold it: whoever sent it sends it again after a restart, and only what is
    /// found here then tells that it has come before.
    /// </param>
    /// <exception cref="SpoolFullException">There is no room and nothing may give way. Nothing has changed.</exception>
    /// <exception cref="SpoolBrokenException">A write failed, now or before. Open the spool again.</exception>
    public ulong Append(ReadOnlySpan<byte> payload, uint items, bool mustBeWritten = false)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(payload.Length, 1, nameof(payload));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(payload.Length, _space.Options.MaximumPayloadBytes, nameof(payload));
        lock (_space.Gate)
        {
            ThrowIfUnusable();
            if (_log.Fits(payload.Length))
            {
                return AppendWhereItFits(payload, items, mustBeWritten);
            }
        }
        lock (_space.Rolling)
        {
            BeginSegment(payload.Length, mayTurn: false);
            lock (_space.Gate)
            {
                ThrowIfUnusable();
                return AppendWhereItFits(payload, items, mustBeWritten);
            }
        }
    }

    /// <summary>
    /// Gives the next sequence to readings that were lost before they could be appended, so that the cloud is told of them like of any
    /// other loss. No room is needed for it. It is not durable before <see cref="Committed"/> reaches it.
    /// </summary>
    /// <param name="items">How many readings.</param>
    /// <param name="cause">Why they were lost.</param>
    /// <exception cref="SpoolFullException">Too many wait for a commit. Nothing has changed: add them to the next.</exception>
    /// <exception cref="SpoolBrokenException">A write failed, now or before. Open the spool again.</exception>
    public ulong AppendLoss(ulong items, LossCause cause)
    {
        lock (_space.Gate)
        {
            ThrowIfUnusable();
            ulong sequence = _log.AppendLoss(items, cause);
            _pump.OnAppended();
            return sequence;
        }
    }

    /// <summary>
    /// A segment with room, where the newest one has none. Called with <see cref="SpoolSpace.Rolling"/> held and the gate not, as
    /// thinning takes its time.
    /// </summary>
    private ulong BeginSegment(int payloadBytes, bool mayTurn)
    {
        try
        {
            if (!_log.MayHold)
            {
                _space.MakeRoom();
            }
            lock (_space.Gate)
            {
                ThrowIfUnusable();
                return _log.MakeRoom(payloadBytes, mayTurn);
            }
        }
        catch (DiskFullException full)
        {
            IsFull = true;
            throw new SpoolFullException(_lane, full);
        }
        catch (SpoolFullException)
        {
            IsFull = true;
            throw;
        }
        catch (Exception failed) when (failed is not (SpoolFullException or SpoolBrokenException) && SpoolBrokenException.IsReason(failed))
        {
            lock (_space.Gate)
            {
                throw _pump.Break(failed);
            }
        }
    }

    /// <summary>Under the gate.</summary>
    private ulong AppendWhereItFits(ReadOnlySpan<byte> payload, uint items, bool mustBeWritten)
    {
        try
        {
            ulong sequence = _log.Append(payload, items, mustBeWritten);
            IsFull = false;
            _appendedRecords++;
            _appendedBytes += payload.Length;
            _pump.OnAppended();
            return sequence;
        }
        catch (DiskFullException full)
        {
            IsFull = true;
            throw new SpoolFullException(_lane, full);
        }
        catch (Exception failed) when (failed is not SpoolFullException && SpoolBrokenException.IsReason(failed))
        {
            throw _pump.Break(failed);
        }
    }
}
