using System.Runtime.CompilerServices;

namespace Grpc.Net.Client.Internal;

/// <summary>The transport's side: one thing at a time, until nothing is due.</summary>
internal sealed partial class RequestPump
{
    private readonly Action _resume;

    /// <summary>Null until there is a connection.</summary>
    private Stream? _stream;

    private Turn _turn;
    private ConfiguredValueTaskAwaitable.ConfiguredValueTaskAwaiter _taken;

    private enum Turn
    {
        /// <summary>The transport takes what is in <see cref="_sending"/>.</summary>
        Write,

        /// <summary>Nothing more is due: out with what the transport has gathered.</summary>
        Flush,
    }

    private void Begin()
    {
        if (_stream is null)
        {
            _ = OpenAsync();
        }
        else
        {
            TakeTurns(Turn.Write);
        }
    }

    private async Task OpenAsync()
    {
        try
        {
            _stream = await _content.OpenAsync().ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            Fail(failure);
            return;
        }
        TakeTurns(Turn.Write);
    }

    /// <summary>The transport has done what it was asked for.</summary>
    private void Resume() => TakeTurns(null);

    /// <summary>
    /// Takes turns until the transport is busy. Only then the writer goes on, on this thread: the next turn is the transport's to start, so
    /// nothing is held up by what the writer does, and no other thread has to be woken.
    /// </summary>
    /// <param name="first">The turn to start with; null to end the one that is under way.</param>
    private void TakeTurns(Turn? first)
    {
        bool wakesWriter = false;
        try
        {
            bool isAnyDue = true;
            if (first is { } turn)
            {
                _turn = turn;
            }
            else
            {
                _taken.GetResult();
                isAnyDue = EndTurn(ref wakesWriter);
            }
            // Once nothing was due the writer may have begun anew on its own thread, and nothing here is this thread's any more.
            while (isAnyDue && IsTakenAtOnce())
            {
                _taken.GetResult();
                isAnyDue = EndTurn(ref wakesWriter);
            }
        }
        catch (Exception failure)
        {
            Fail(failure);
        }
        if (wakesWriter)
        {
            _wait.SetResult(true);
        }
    }

    /// <summary>Starts the turn.</summary>
    /// <returns>False where the transport takes its time: <see cref="Resume"/> runs when it is done, perhaps already.</returns>
    private bool IsTakenAtOnce()
    {
        ValueTask taken = _turn == Turn.Write
            ? _stream!.WriteAsync(_sending.Written, _ended)
            : new ValueTask(_stream!.FlushAsync(_ended));
        _taken = taken.ConfigureAwait(false).GetAwaiter();
        if (_taken.IsCompleted)
        {
            return true;
        }
        _taken.UnsafeOnCompleted(_resume);
        return false;
    }

    /// <summary>Decides on the next turn.</summary>
    /// <param name="wakesWriter">Becomes true when what the writer waits for has come.</param>
    /// <returns>False when nothing is due.</returns>
    private bool EndTurn(ref bool wakesWriter)
    {
        bool isAnyDue = true;
        lock (_gate)
        {
            _sending.Clear();
            if (_isDue && !_isFilling)
            {
                Swap();
                // It carries along what was not flushed.
                _turn = Turn.Write;
            }
            else if (_isComplete)
            {
                isAnyDue = false;
                End();
            }
            else if (_turn == Turn.Write)
            {
                _turn = Turn.Flush;
            }
            else
            {
                // Whoever is writing just now will start again.
                isAnyDue = false;
                _stage = Stage.Idle;
                LetGoOfMemory();
            }
            bool isMet = _awaited != Condition.None && IsMet(_awaited);
            _awaited = isMet ? Condition.None : _awaited;
            wakesWriter |= isMet;
        }
        return isAnyDue;
    }

    private void Fail(Exception failure)
    {
        Condition awaited;
        lock (_gate)
        {
            _stage = Stage.Failed;
            _failure = failure;
            LetGoOfMemory();
            awaited = _awaited;
            _awaited = Condition.None;
        }
        if (awaited == Condition.Room)
        {
            _wait.SetException(failure);
        }
        else if (awaited == Condition.Drained)
        {
            _wait.SetResult(true);
        }
    }
}
