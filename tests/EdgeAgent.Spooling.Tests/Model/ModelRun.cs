using System.Buffers.Binary;
using EdgeAgent.Spooling.Files;
using EdgeAgent.Testing;

namespace EdgeAgent.Spooling.Tests.Model;

/// <summary>
/// One life of a spool after the other, on one seed: random work, until a kill, a power cut at the n-th call to the file system, or a
/// fault of the disk; then it is opened again, read to its end and compared with the list in memory.
/// </summary>
internal sealed class ModelRun(int seed, bool isOfflineOnly = false)
{
    private readonly Random _random = new(seed);
    private readonly Dictionary<SpoolLane, LaneModel> _lanes =
        Lanes.All.ToDictionary(static lane => lane, lane => new LaneModel(mayHold: isOfflineOnly && lane == SpoolLane.Live));
    private readonly byte[] _payload = new byte[7_500];
    private SimulatedFiles _files = SimulatedFiles.Formatted();
    private Guid _boot = Guid.NewGuid();
    private Spool _spool = null!;
    private ulong _number;
    private int _callsLeft = -1;
    private SimulatedFiles? _afterCut;
    private readonly ManualTimeProvider _time = new();
    private readonly Dictionary<SpoolLane, ulong> _mustBeWritten = [];
    private Dictionary<SpoolLane, ulong> _committedAtCut = [];
    private bool _isPowerCut;

    /// <summary>What was done, for who reads of a failure.</summary>
    public List<string> Steps { get; } = [];

    /// <summary>How often each thing has happened, so that a test can tell that it did.</summary>
    public Dictionary<string, long> Seen { get; } = [];

    public async Task RunAsync(int lives)
    {
        for (int life = 0; life < lives; life++)
        {
            Open();
            await VerifyAsync().ConfigureAwait(false);
            Arm();
            int steps = _random.Next(10, 80);
            for (int step = 0; step < steps && _afterCut is null; step++)
            {
                await StepAsync().ConfigureAwait(false);
            }
            await EndLifeAsync().ConfigureAwait(false);
        }
        Open();
        await VerifyAsync().ConfigureAwait(false);
        await _spool.DisposeAsync().ConfigureAwait(false);
    }

    private void Open()
    {
        _files.Before = static (_, _) => { };
        SpoolOptions options = Rig.SmallOptions();
        options.MaximumInFlightBytes = 37_500;
        options.Thinner = _random.Next(5) == 0 ? null : new SummingThinner(_random.Next(2, 30), _random.Next(2) * 120);
        if (isOfflineOnly)
        {
            HoldInMemory(options);
        }
        _spool = Spool.Open(_files, options, isOfflineOnly ? _time : TimeProvider.System, _boot);
        _mustBeWritten.Clear();
        Step($"open: {_spool.Recovery}");
        foreach ((SpoolLane lane, LaneModel model) in _lanes)
        {
            SpoolQueue queue = _spool[lane];
            Step($"{lane}: released {queue.Released}, tail {queue.Tail}; model committed {model.Committed}, tail {model.Tail}, cloud {model.CloudThrough}");
            model.Recover(queue.Tail);
        }
    }

    /// <summary>Little of everything, so that each bound is met often.</summary>
    private void HoldInMemory(SpoolOptions options)
    {
        options.Durability = SpoolDurability.OfflineOnly;
        options.OfflineWindow = TimeSpan.FromSeconds(10);
        options.MemoryBytes = _random.Next(2, 5) * 20_000;
        options.ReservedSequences = (uint)_random.Next(3, 60);
    }

    /// <summary>A power cut or a kill at some call, a fault of the disk for some calls, or none.</summary>
    private void Arm()
    {
        int kind = _random.Next(4);
        _afterCut = null;
        _isPowerCut = kind < 2;
        _callsLeft = kind < 3 ? _random.Next(1, 400) : -1;
        int fault = _random.Next(3) == 0 ? _random.Next(1, 60) : int.MaxValue;
        int length = _random.Next(1, 4);
        string faulty = (string)_random.GetItems<object>(["write", "sync", "sync-directory", "rename", "create", "delete"], 1)[0];
        bool isFull = faulty is "write" or "create" && _random.Next(2) == 0;
        Random luck = new(_random.Next());
        _files.Before = (call, name) =>
        {
            if (call == "read")
            {
                return;
            }
            if (_afterCut is null && _callsLeft > 0 && --_callsLeft == 0)
            {
                _committedAtCut = _lanes.Keys.ToDictionary(static lane => lane, lane => _spool[lane].Secured);
                _afterCut = _isPowerCut ? _files.AfterPowerCut(luck) : _files.AfterKill();
                Step($"{(_isPowerCut ? "power cut" : "kill")} at {call} {name}");
            }
            if (_afterCut is null && call == faulty && --fault < length && fault > 0)
            {
                Step($"fault at {call} {name}");
                throw isFull ? new DiskFullException() : new IOException("Input/output error");
            }
        };
    }

    private async Task StepAsync()
    {
        SpoolLane lane = _random.Next(8) switch { 0 => SpoolLane.Alarm, < 4 => SpoolLane.Backlog, _ => SpoolLane.Live };
        try
        {
            switch (_random.Next(12))
            {
                case 0 or 1:
                    await CommitAsync(lane).ConfigureAwait(false);
                    break;
                case 2:
                    Upload(lane);
                    break;
                case 3 when _random.Next(3) == 0:
                    Refuse(lane);
                    break;
                case 3 or 6 when isOfflineOnly:
                    CatchUp(lane);
                    break;
                case 4:
                    AppendLoss(lane);
                    break;
                case 5 when isOfflineOnly:
                    await PassTimeAsync().ConfigureAwait(false);
                    break;
                default:
                    AppendSome(lane);
                    break;
            }
        }
        catch (SpoolFullException full)
        {
            Note(full.InnerException is null or DiskFullException ? "full" : "kept in memory");
        }
        catch (SpoolBrokenException broken) when (_afterCut is null)
        {
            Step($"broken: {broken.InnerException!.Message}");
            Note("broken");
            await ReopenAsync().ConfigureAwait(false);
        }
        catch (IOException) when (_afterCut is null)
        {
            Note("failed");
            await ReopenAsync().ConfigureAwait(false);
        }
        catch (Exception outcome) when (_afterCut is not null && outcome is IOException)
        {
            // What happens after the end does not count.
        }
    }

    private void AppendSome(SpoolLane lane)
    {
        SpoolQueue queue = _spool[lane];
        int count = _random.Next(1, lane == SpoolLane.Alarm ? 4 : 30);
        int most = _random.Next(3) == 0 ? 7_500 : 1_500;
        for (int i = 0; i < count && _afterCut is null; i++)
        {
            ulong number = ++_number;
            Span<byte> payload = _payload.AsSpan(0, _random.Next(8, most));
            payload.Fill((byte)number);
            BinaryPrimitives.WriteUInt64LittleEndian(payload, number);
            uint items = (uint)_random.Next(0, 50);
            // Noted before the attempt: a power cut on the way may leave it there.
            _lanes[lane].Append(number, items);
            try
            {
                if (_random.Next(2) == 0)
                {
                    queue.PrepareAppend(payload.Length);
                }
                bool mustBeWritten = isOfflineOnly && _random.Next(300) == 0;
                ulong sequence = queue.Append(payload, items, mustBeWritten);
                _mustBeWritten[lane] = mustBeWritten ? sequence : _mustBeWritten.GetValueOrDefault(lane);
                if (sequence != _lanes[lane].Tail)
                {
                    throw new ModelException($"The record {_lanes[lane].Tail} was given the sequence {sequence}.");
                }
                Note("append");
            }
            catch (IOException) when (_afterCut is null)
            {
                _lanes[lane].Recover(queue.Tail);
                throw;
            }
        }
    }

    private void AppendLoss(SpoolLane lane)
    {
        ulong items = (ulong)_random.Next(1, 1000);
        _lanes[lane].AppendLoss(items);
        try
        {
            _spool[lane].AppendLoss(items, (LossCause)_random.GetItems<object>([LossCause.DiskFull, LossCause.Overflow], 1)[0]);
            Note("loss");
        }
        catch (IOException) when (_afterCut is null)
        {
            _lanes[lane].Recover(_spool[lane].Tail);
            throw;
        }
    }

    private async Task CommitAsync(SpoolLane lane)
    {
        await _spool[lane].CommitAsync().ConfigureAwait(false);
        if (_afterCut is null)
        {
            _lanes[lane].Committed = Math.Max(_lanes[lane].Committed, _spool[lane].Secured);
            Note("commit");
            Note(_spool[lane].Secured < _spool[lane].Committed ? "held" : "written");
        }
    }

    /// <summary>A session: some of the oldest records go to the cloud, which may say so in time or not.</summary>
    private void Upload(SpoolLane lane)
    {
        SpoolQueue queue = _spool[lane];
        LaneModel model = _lanes[lane];
        ulong must = _mustBeWritten.GetValueOrDefault(lane);
        if (queue.Committed >= must && queue.Secured < must)
        {
            throw new ModelException($"{must} may be sent, and is not on flash.");
        }
        if (_random.Next(2) == 0 && model.CloudThrough > queue.Released)
        {
            // At the beginning of a session the cloud says what it has.
            Release(queue, model);
        }
        using SpoolReader reader = queue.OpenReader(queue.Released + 1);
        int bytes = 18_000;
        while (bytes > 0 && _afterCut is null)
        {
            switch (reader.Read(out SpoolRecord record))
            {
                case ReadResult.Record:
                    model.Check(record);
                    model.Receive(record);
                    queue.MarkSent(record.Sequence);
                    bytes -= record.Payload.Length;
                    break;
                case ReadResult.Gap:
                    model.Check(reader.Gap);
                    model.Receive(reader.Gap, queue.Released);
                    Step($"{lane}: told {reader.Gap}: {model.ItemsThrough(reader.Gap.To) - model.ItemsThrough(reader.Gap.From - 1)}; cloud {model.CloudItems}/{model.ItemsThrough(model.CloudThrough)}");
                    queue.MarkSent(reader.Gap.To);
                    break;
                default:
                    bytes = 0;
                    break;
            }
            model.Committed = Math.Max(model.Committed, queue.Secured);
        }
        Step($"{lane}: uploaded through {model.CloudThrough}: {model.CloudItems}/{model.ItemsThrough(model.CloudThrough)}");
        Note("upload");
        if (_afterCut is null && _random.Next(3) > 0)
        {
            Release(queue, model);
        }
    }

    /// <summary>One session after the other: memory holds records only where the cloud has nearly all.</summary>
    private void CatchUp(SpoolLane lane)
    {
        for (int session = 0; session < 100 && _afterCut is null && _lanes[lane].CloudThrough < _spool[lane].Committed; session++)
        {
            Upload(lane);
            Release(_spool[lane], _lanes[lane]);
        }
    }

    /// <summary>Time passes, or the uplink tells of trouble or of its end. What is due to be written is written behind the scenes.</summary>
    private async Task PassTimeAsync()
    {
        if (_random.Next(3) == 0)
        {
            _spool.ReportUplink(isInTrouble: _random.Next(3) == 0);
        }
        else
        {
            _time.Advance(TimeSpan.FromSeconds(_random.Next(1, 9)));
        }
        for (int look = 0; look < 20 && _spool.Statistics.HeldBytes > 0; look++)
        {
            await Task.Yield();
        }
        Note("time");
    }

    private void Release(SpoolQueue queue, LaneModel model)
    {
        if (queue.Release(model.CloudThrough) == ReleaseResult.AheadOfSpool)
        {
            throw new ModelException($"The cloud has {model.CloudThrough}, and the spool has committed {queue.Committed}.");
        }
        Note("release");
    }

    private void Refuse(SpoolLane lane)
    {
        ulong sequence = Math.Max(_lanes[lane].CloudThrough, _spool[lane].Released) + 1;
        using SpoolReader reader = _spool[lane].OpenReader(sequence);
        bool isRaw = reader.Read(out SpoolRecord record) == ReadResult.Record && !SummingThinner.TryParse(record.Payload.Span, out _);
        if (_spool[lane].Refuse(sequence))
        {
            Note("refuse");
            if (isRaw && _afterCut is null)
            {
                _lanes[lane].Refuse(sequence);
            }
        }
    }

    /// <summary>What the batcher does: close what is broken and open it again.</summary>
    private async Task ReopenAsync()
    {
        Dictionary<SpoolLane, ulong> committed = _lanes.Keys.ToDictionary(static lane => lane, lane => _spool[lane].Secured);
        await CloseAsync().ConfigureAwait(false);
        if (_afterCut is not null)
        {
            return;
        }
        foreach ((SpoolLane lane, LaneModel model) in _lanes)
        {
            model.Committed = Math.Max(model.Committed, committed[lane]);
        }
        Open();
        await VerifyAsync().ConfigureAwait(false);
    }

    private async Task CloseAsync()
    {
        try
        {
            await _spool.DisposeAsync().ConfigureAwait(false);
        }
        catch (IOException)
        {
            // The disk is as broken as before.
        }
    }

    private async Task EndLifeAsync()
    {
        if (_afterCut is null && _random.Next(3) == 0)
        {
            Step("close");
            Dictionary<SpoolLane, ulong> committed = _lanes.Keys.ToDictionary(static lane => lane, lane => _spool[lane].Tail);
            bool isAllWritten = true;
            try
            {
                await _spool.DisposeAsync().ConfigureAwait(false);
            }
            catch (IOException)
            {
                isAllWritten = false;
            }
            if (_afterCut is null)
            {
                foreach ((SpoolLane lane, ulong through) in committed)
                {
                    bool isWritten = isAllWritten && _spool[lane].ItemsNotWritten == 0;
                    _lanes[lane].Committed = Math.Max(_lanes[lane].Committed, isWritten ? through : _spool[lane].Secured);
                }
                return;
            }
        }
        SimulatedFiles found = _afterCut ?? _files.AfterPowerCut(_random);
        bool isPowerCut = _afterCut is null || _isPowerCut;
        Dictionary<SpoolLane, ulong> known = _afterCut is null
            ? _lanes.Keys.ToDictionary(static lane => lane, lane => _spool[lane].Secured)
            : _committedAtCut;
        await CloseAsync().ConfigureAwait(false);
        foreach ((SpoolLane lane, LaneModel model) in _lanes)
        {
            model.Committed = Math.Max(model.Committed, known[lane]);
        }
        Note(isPowerCut ? "power cut" : "kill");
        _files = found;
        _boot = isPowerCut ? Guid.NewGuid() : _boot;
        _afterCut = null;
    }

    /// <summary>Reads a copy to its end, so that nobody stands in the way of what comes next, and adds everything up.</summary>
    private async Task VerifyAsync()
    {
        await using Spool copy = Spool.Open(_files.AfterKill(), Rig.SmallOptions(), TimeProvider.System, _boot);
        foreach ((SpoolLane lane, LaneModel model) in _lanes)
        {
            SpoolQueue queue = copy[lane];
            ulong told = 0;
            using SpoolReader reader = queue.OpenReader(1);
            ulong next = queue.Released + 1;
            var gaps = new List<SpoolGap>();
            while (reader.Read(out SpoolRecord record) is var result && result != ReadResult.End)
            {
                ulong from = result == ReadResult.Record ? record.Sequence : reader.Gap.From;
                if (from != next)
                {
                    throw new ModelException($"{lane}: {next} is neither there nor told as lost; {from} comes next.");
                }
                if (result == ReadResult.Record)
                {
                    model.Check(record);
                    told += record.Sequence > model.CloudThrough ? record.Items : 0;
                    next = record.Sequence + 1;
                }
                else
                {
                    gaps.Add(reader.Gap);
                    model.Check(reader.Gap);
                    Note(reader.Gap.Cause.ToString());
                    told += model.NewIn(reader.Gap, queue.Released);
                    next = reader.Gap.To + 1;
                }
            }
            if (next != queue.Tail + 1)
            {
                throw new ModelException($"{lane}: the tail is {queue.Tail}, and reading ends before {next}.");
            }
            model.Committed = queue.Tail;
            if (model.IsCut)
            {
                Note("cut");
                model.Rebase(told);
            }
            if (model.CloudItems + told != model.ItemsThrough(queue.Tail))
            {
                Steps.AddRange(gaps.Select(gap => $"{gap}: {model.ItemsThrough(gap.To) - model.ItemsThrough(gap.From - 1)}"));
                throw new ModelException(
                    $"{lane}: {model.ItemsThrough(queue.Tail)} readings were appended; the cloud has {model.CloudItems}, and the spool tells of {told}.");
            }
        }
    }

    private void Step(string what) => Steps.Add(what);

    private void Note(string what) => Seen[what] = Seen.GetValueOrDefault(what) + 1;
}
