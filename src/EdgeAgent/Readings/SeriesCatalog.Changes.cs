using EdgeAgent.Processing;
using EdgeAgent.Protocol.V1;

namespace EdgeAgent.Readings;

/// <content>What becomes of series when the rules change.</content>
internal sealed partial class SeriesCatalog
{
    /// <summary>
    /// Brings other rules into force. A series whose definition says something else by them gets another number, and what its source gives goes there: sources
    /// give raw readings and need not know. What a source has replaced by registering it anew keeps the rule that its definition was made by.
    /// </summary>
    /// <returns>How many series keep the rule that they have because there is no room for another definition. None where <see cref="RoomFor"/> was asked.</returns>
    public int Use(ReportRules rules)
    {
        lock (_registering)
        {
            Volatile.Write(ref _generation, _generation + 1);
            if (rules.SequenceEqual(_rules))
            {
                return 0;
            }
            Volatile.Write(ref _rules, rules);
            Series[] known = _byIndex;
            var added = new List<Series>();
            var targets = new Dictionary<int, int>();
            int refused = 0;
            foreach (Series series in known.Where(IsOfSource))
            {
                ReportRule rule = rules.For(series.Definition.Name);
                SeriesDefinition definition = Redefine(series, rule);
                if (definition.Equals(series.Definition))
                {
                    Put(series with { Rule = rule });
                }
                else if (known.Length + added.Count < capacity)
                {
                    SeriesId id = new(known.Length + added.Count);
                    definition.Ref = (uint)id.Index + 1;
                    targets[series.Id.Index] = id.Index;
                    added.Add(series with { Id = id, Definition = definition, Rule = rule, Before = series.Id });
                }
                else
                {
                    refused++;
                }
            }
            Append(added, targets);
            return refused;
        }
    }

    /// <summary>How many numbers a change to other rules may take at most: for series that are defined anew, for their aggregates and the states of their alarms.</summary>
    public int RoomFor(ReportRules rules)
    {
        int needed = 0;
        foreach (Series series in Volatile.Read(ref _byIndex).Where(IsOfSource))
        {
            ReportRule rule = rules.For(series.Definition.Name);
            bool isRedefined = !Redefine(series, rule).Equals(series.Definition);
            needed += isRedefined ? 1 : 0;
            if (rule.Window is { } window && (isRedefined || !window.Equals(series.Rule.Window)))
            {
                // And one that counts the failed.
                needed += window.Functions.Count + 1;
            }
            needed += rule.Alarm is not null && series.Rule.Alarm is null ? 1 : 0;
        }
        return needed;
    }

    /// <summary>The series that has the name of this one now.</summary>
    public Series Newest(Series series) => _byName[series.Definition.Name];

    private bool IsOfSource(Series series) => !series.IsDerived && Newest(series).Id == series.Id;

    private static SeriesDefinition Redefine(Series series, ReportRule rule)
    {
        SeriesDefinition definition = Define(series.Definition.Name, series.SourceUnit, series.Definition.Kind, rule, series.Interval);
        definition.Ref = series.Definition.Ref;
        definition.Labels.Add(series.Definition.Labels);
        return definition;
    }

    private void Append(List<Series> added, Dictionary<int, int> targets)
    {
        if (added.Count == 0)
        {
            return;
        }
        // At once, in the order in which readers go: target, series, name.
        Series[] series = [.. _byIndex, .. added];
        Volatile.Write(ref _byIndex, series);
        int[] next = [.. Enumerable.Range(0, series.Length)];
        for (int i = 0; i < _targets.Length; i++)
        {
            next[i] = targets.GetValueOrDefault(_targets[i], _targets[i]);
        }
        Volatile.Write(ref _targets, next);
        added.ForEach(one => _byName[one.Definition.Name] = one);
    }
}
