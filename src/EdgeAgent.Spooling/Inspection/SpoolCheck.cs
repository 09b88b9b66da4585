using EdgeAgent.Spooling.Format;

namespace EdgeAgent.Spooling.Inspection;

/// <summary>Called with each record that is sound. Its payload is valid during the call.</summary>
public delegate void RecordChecked(SpoolLane lane, string file, long offset, in SpoolRecord record);

/// <summary>
/// Reads everything in a spool's folder and names what is not as it was written. Of a spool in use, what is freed or rewritten while it
/// is read is left to its owner: a damage counts only where the file still had its name afterwards.
/// </summary>
public sealed class SpoolCheck(string path)
{
    /// <summary>A spool at its cap goes on rewriting; what has appeared since is looked at this often.</summary>
    private const int MostPasses = 3;

    private const string AtStart = "The agent repairs it when it starts; `edge-agent spool repair` does it now.";

    private readonly HashSet<string> _seen = [];
    private readonly List<SpoolFinding> _findings = [];

    /// <summary>Segments that were read.</summary>
    public int Segments { get; private set; }

    /// <summary>Sound records in them.</summary>
    public long Records { get; private set; }

    /// <summary>Reads all of it.</summary>
    /// <param name="checkedRecord">Told of each sound record, to look into it.</param>
    /// <returns>What is wrong; empty where nothing is.</returns>
    /// <exception cref="NotASpoolException">There is no spool.</exception>
    /// <exception cref="IOException">The folder cannot be read.</exception>
    public IReadOnlyList<SpoolFinding> Run(RecordChecked? checkedRecord = null)
    {
        for (int pass = 1; ; pass++)
        {
            using SpoolView view = SpoolView.Open(path);
            bool isFirst = pass == 1;
            if (isFirst)
            {
                _findings.AddRange(SmallFiles.Check(view));
                CheckQuarantine(view);
            }
            foreach (SpoolLane lane in Lanes.All)
            {
                CheckSegments(view, lane, checkedRecord);
            }
            bool isOutdated = view.IsOutdated();
            if (!isOutdated || pass == MostPasses)
            {
                if (!isOutdated)
                {
                    foreach (SpoolLane lane in Lanes.All)
                    {
                        CheckFront(view, lane);
                    }
                }
                return _findings;
            }
        }
    }

    private void CheckQuarantine(SpoolView view)
    {
        foreach (string file in view.Quarantined)
        {
            _findings.Add(new SpoolFinding(
                file, 0,
                file.EndsWith(Quarantine.RefusedExtension, StringComparison.Ordinal)
                    ? "the service refused this record and it was set aside" : "it made no sense at an earlier start and was set aside",
                "what was in it; that was counted then",
                "Keep a copy for whoever looks into it; `edge-agent spool repair --drop-quarantine` deletes it."));
        }
        foreach (string moved in view.Recovery.Quarantined)
        {
            string file = moved[(moved.IndexOf('-', StringComparison.Ordinal) + 1)..];
            if (view.Folder.IsThere(file))
            {
                _findings.Add(new SpoolFinding(
                    file, 0, "neither header nor any record of it can be read", "what was in it; the sequences are named at the segment before", AtStart));
            }
        }
    }

    private void CheckSegments(SpoolView view, SpoolLane lane, RecordChecked? checkedRecord)
    {
        SegmentLog log = view.LogOf(lane);
        for (int index = 0; index < log.SegmentCount; index++)
        {
            string file = log.Segments[index].Identity.FileName;
            bool isNewest = index == log.SegmentCount - 1;
            if (_seen.Add(file))
            {
                var check = new SegmentCheck(view, log, index, checkedRecord);
                List<SpoolFinding> findings = check.Run(isNewest);
                if (view.Folder.IsThere(file))
                {
                    _findings.AddRange(findings);
                }
                Segments++;
                Records += check.Records;
            }
        }
    }

    /// <summary>What is neither released, nor in a segment, nor written down as lost, in front of the oldest segment.</summary>
    private void CheckFront(SpoolView view, SpoolLane lane)
    {
        SegmentLog log = view.LogOf(lane);
        ulong from = log.Released + 1;
        ulong to = log.SegmentCount > 0 ? log.Segments[0].First - 1 : log.Committed;
        foreach (SpoolGap gap in from > to ? [] : EvictionTally.GapsBetween(view.Space.Ledger.Within(lane, from, to), from, to, LossCause.Corrupt))
        {
            _findings.Add(new SpoolFinding(
                new SegmentIdentity(default, lane, gap.From).FileName, 0, "there is no such file, though it was not released",
                $"sequences {gap.From} to {gap.To}; how many readings that were cannot be known", "The cloud is told of it as corrupt."));
        }
    }
}
