using System.Security.Cryptography;
using EdgeAgent.Ingestion.Identity;
using EdgeAgent.Ingestion.Storage;
using EdgeAgent.Ingestion.Storage.Control;

namespace EdgeAgent.Ingestion.Configs;

/// <summary>What people do to configurations. Each is one transaction; afterwards every device has the revision that follows from it.</summary>
/// <remarks>All throw <see cref="ConfigRefusedException"/> where it cannot be done, and <see cref="StoreUnavailableException"/>.</remarks>
internal sealed class ConfigChanges(ControlDatabase control, TimeProvider time)
{
    private static readonly byte[] NothingDocument = "{}"u8.ToArray();

    private long Now => time.GetUtcNow().ToUnixNanoseconds();

    /// <returns>The rollout, which is finished already where the order has no stages.</returns>
    public Rollout Push(PushOrder order, string author) => control.Change(session =>
    {
        Rollout? before = RolloutRows.Newest(session, order.Layer);
        if (order.Layer.Kind == LayerKind.Group && !GroupRows.All(session).Contains(order.Layer.Name))
        {
            throw ConfigRefusedException.Missing($"group {order.Layer.Name}. `edge-ingestion group add {order.Layer.Name} DEVICE…` makes one");
        }
        if (order.Stages is not null && before is { IsPartial: true })
        {
            throw new ConfigRefusedException(
                $"Rollout {before.Number} of {order.Layer} is not over ({before.State}). Continue or withdraw it, or push to all at once, which takes its place.");
        }
        LayerVersion? last = LayerRows.Newest(session, order.Layer);
        CheckBootstrap(session, last, order);
        long version = AddVersion(session, last, order, author);
        var rollout = new Rollout(
            0, order.Layer, version, before is null ? 0 : before.IsPartial ? before.Base : before.Version, order.Stages ?? [RolloutStage.All], 0, order.Soak,
            order.StopAt, 0, order.Stages is null ? RolloutState.Finished : RolloutState.Sending, "", author, Now, Now);
        if (before is { IsPartial: true })
        {
            RolloutRows.Move(session, before with { State = RolloutState.Superseded, Reason = $"{author} pushed version {version}.", Entered = Now });
        }
        rollout = RolloutRows.Add(session, rollout);
        if (order.Stages is not null)
        {
            RolloutRows.AddDevices(session, rollout, Candidates(session, order));
        }
        Make(session, order.Layer, author, order.Again);
        return rollout;
    });

    /// <summary>Goes on to the next stage, whatever is missing; what was given up until now counts no more.</summary>
    public Rollout Continue(long number, string author) => Move(number, rollout => rollout.IsPartial, author, static (rollout, tally, author) => rollout with
    {
        State = rollout.IsInLastStage ? RolloutState.Finished : RolloutState.Sending,
        Stage = rollout.IsInLastStage ? rollout.Stage : rollout.Stage + 1,
        Forgiven = tally.GivenUp,
        Reason = $"{author} continued it.",
    });

    /// <summary>Nobody gets it any more whom it has not reached.</summary>
    public Rollout Stop(long number, string author) => Move(
        number, rollout => rollout.IsMoving, author,
        static (rollout, _, author) => rollout with { State = RolloutState.Stopped, Reason = $"{author} stopped it." });

    /// <summary>The layer goes back to what it was before the rollout, by a version of its own, for all devices at once.</summary>
    /// <returns>The rollout of that version.</returns>
    public Rollout Withdraw(long number, string author) => control.Change(session =>
    {
        Rollout rollout = RolloutRows.Get(session, number);
        if (RolloutRows.Newest(session, rollout.Layer)!.Number != number)
        {
            throw new ConfigRefusedException(
                $"Version {rollout.Version} of {rollout.Layer} is not its newest: others have pushed since. Push what it should be.");
        }
        LayerVersion last = LayerRows.Newest(session, rollout.Layer)!;
        byte[] document = rollout.Base == 0
            ? NothingDocument
            : LayerRows.Document(session, LayerRows.Get(session, rollout.Layer, rollout.Base).Hash);
        // A change of where the cloud is was meant, so going back is; the version's mark stays.
        var order = new PushOrder(
            rollout.Layer, document, $"Withdraws rollout {number}.", last.MayChangeBootstrap, Again: false, last.Trial, null, TimeSpan.Zero, rollout.StopAt);
        long version = AddVersion(session, last, order, author);
        RolloutRows.Move(session, rollout with { State = RolloutState.Withdrawn, Reason = $"{author} withdrew it by version {version}.", Entered = Now });
        Rollout back = RolloutRows.Add(session, new Rollout(
            0, rollout.Layer, version, rollout.Version, [RolloutStage.All], 0, TimeSpan.Zero, rollout.StopAt, 0, RolloutState.Finished, "", author, Now, Now));
        Make(session, rollout.Layer, author, again: false);
        return back;
    });

    /// <summary>Sends a device once more what it has rejected or reverted, under a new number.</summary>
    public long Retry(string device, string author) => control.Change(session =>
    {
        DesiredRevision desired = DeviceRows.Get(session, device);
        if (!desired.IsRefused)
        {
            throw new ConfigRefusedException($"{device} has not refused revision {desired.Number}, which is the one that it should run.");
        }
        new RevisionMaking(session, Now).Make(device, author, again: true);
        return DeviceRows.Get(session, device).Number;
    });

    /// <summary>Makes the group where there is none, and puts devices into it.</summary>
    public void AddToGroup(string group, IReadOnlyList<string> devices, string author) => control.Change(session =>
    {
        CheckNames([group, .. devices]);
        GroupRows.Add(session, group);
        foreach (string device in devices)
        {
            GroupRows.AddMember(session, group, device);
        }
        Make(session, devices, author, again: false);
    });

    /// <summary>Devices leave a group; the group stays.</summary>
    public void RemoveFromGroup(string group, IReadOnlyList<string> devices, string author) => control.Change(session =>
    {
        List<string> members = GroupRows.Members(session, group);
        if (devices.FirstOrDefault(device => !members.Contains(device)) is { } stranger)
        {
            throw ConfigRefusedException.Missing($"device {stranger} in group {group}");
        }
        foreach (string device in devices)
        {
            GroupRows.RemoveMember(session, group, device);
        }
        Make(session, devices, author, again: false);
    });

    /// <summary>Declares which group is laid over which: each over those before it.</summary>
    public void OrderGroups(IReadOnlyList<string> groups, string author) => control.Change(session =>
    {
        List<string> all = GroupRows.All(session);
        if (groups.Count != all.Count || all.Except(groups).Any())
        {
            throw new ConfigRefusedException($"Name every group once. There are: {string.Join(", ", all)}.");
        }
        GroupRows.Order(session, groups);
        Make(session, all.SelectMany(group => GroupRows.Members(session, group)).Distinct(), author, again: false);
    });

    private static void CheckNames(IEnumerable<string> names)
    {
        if (names.FirstOrDefault(name => !DeviceName.IsValid(name)) is { } unusable)
        {
            throw new ConfigRefusedException($"\"{unusable}\" cannot be the name of a group or a device: 1 to 64 letters, digits, '.', '_' and '-'.");
        }
    }

    private static void CheckBootstrap(ControlSession session, LayerVersion? last, PushOrder order)
    {
        byte[] before = last is null ? NothingDocument : LayerRows.Document(session, last.Hash);
        IReadOnlyList<string> changes = ReservedKeys.BootstrapChanges(MergePatch.Parse(before), MergePatch.Parse(order.Document));
        if (changes.Count > 0 && !order.MayChangeBootstrap)
        {
            throw new ConfigRefusedException(
                $"It changes where the cloud is ({string.Join(", ", changes)}): a mistake there can cut devices off. Say --bootstrap where it is meant.");
        }
    }

    /// <summary>Whom a staged rollout is for: devices that have asked for a configuration, for only they can answer.</summary>
    private static List<string> Candidates(ControlSession session, PushOrder order)
    {
        List<string> candidates = [.. DeviceRows.In(session, order.Layer).Where(device => DeviceRows.Find(session, device) is { Watched: > 0 })];
        if (candidates.Count == 0)
        {
            throw new ConfigRefusedException($"No device of {order.Layer} has ever asked for its configuration: there is nobody to try it on. Push without stages.");
        }
        long reached = 0;
        foreach (RolloutStage stage in order.Stages!)
        {
            if (stage.Of(candidates.Count) < reached)
            {
                throw new ConfigRefusedException($"Stage {stage} is smaller than the one before it, of {candidates.Count} devices. Each stage counts those before it.");
            }
            reached = stage.Of(candidates.Count);
        }
        return candidates;
    }

    private long AddVersion(ControlSession session, LayerVersion? last, PushOrder order, string author)
    {
        var version = new LayerVersion(
            order.Layer, (last?.Version ?? 0) + 1, SHA256.HashData(order.Document), author, Now, order.Message,
            order.MayChangeBootstrap || last is { MayChangeBootstrap: true }, order.Trial);
        LayerRows.Add(session, version, order.Document);
        return version.Version;
    }

    private Rollout Move(long number, Func<Rollout, bool> isPossible, string author, Func<Rollout, RolloutTally, string, Rollout> next) => control.Change(session =>
    {
        Rollout rollout = RolloutRows.Get(session, number);
        if (!isPossible(rollout))
        {
            throw new ConfigRefusedException($"Rollout {number} is {rollout.State}. {rollout.Reason}");
        }
        Rollout moved = next(rollout, RolloutRows.Tally(session, rollout), author) with { Entered = Now };
        RolloutRows.Move(session, moved);
        Make(session, rollout.Layer, author, again: false);
        return moved;
    });

    private void Make(ControlSession session, Layer layer, string author, bool again) => Make(session, DeviceRows.In(session, layer), author, again);

    private void Make(ControlSession session, IEnumerable<string> devices, string author, bool again)
    {
        var making = new RevisionMaking(session, Now);
        foreach (string device in devices)
        {
            making.Make(device, author, again);
        }
    }
}
