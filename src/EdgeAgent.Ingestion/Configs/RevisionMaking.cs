using System.Security.Cryptography;
using System.Text.Json.Nodes;
using EdgeAgent.Ingestion.Storage.Control;
using EdgeAgent.Protocol.V1;

namespace EdgeAgent.Ingestion.Configs;

/// <summary>
/// Gives devices the revision that their layers make, within the transaction that changed a layer, a group or a rollout: what devices should run is never
/// behind what people decided. What many devices share (most share all) is merged once.
/// </summary>
/// <param name="session">The transaction.</param>
/// <param name="now">Nanoseconds since 1970.</param>
internal sealed class RevisionMaking(ControlSession session, long now)
{
    /// <summary>What a device takes; it would refuse more.</summary>
    public const int MaximumBytes = 1024 * 1024;

    private readonly long _change = DeviceRows.NextChange(session);
    private readonly Dictionary<Layer, Rollout?> _rollouts = [];
    private readonly Dictionary<(Layer, long), (LayerVersion Version, JsonObject Document)> _shared = [];
    private readonly Dictionary<string, Merged> _merged = [];

    /// <summary>Makes the device's revision anew where its layers are others than those of the last one, and it comes out different.</summary>
    /// <param name="name">The device; it becomes known where it was not.</param>
    /// <param name="author">Who caused it; null: who made the newest of its versions.</param>
    /// <param name="again">Send it even where the device has refused these bytes before.</param>
    /// <exception cref="ConfigRefusedException">The device could not take it.</exception>
    public void Make(string name, string? author = null, bool again = false)
    {
        DesiredRevision? known = DeviceRows.Find(session, name);
        DesiredRevision device = known ?? DesiredRevision.Unknown(name);
        RevisionInputs inputs = InputsOf(name);
        string text = inputs.ToString();
        bool isRepeated = again && device.IsRefused;
        if (known is not null && text == device.Inputs && !isRepeated)
        {
            return;
        }
        if (text.Length == 0 && device.Number == 0)
        {
            DeviceRows.Put(session, device with { Changed = _change });
            return;
        }
        Merged merged = Merge(name, inputs, text);
        if (merged.Hash.AsSpan().SequenceEqual(device.Hash) && !isRepeated)
        {
            Put(device with { Inputs = text, Changed = _change }, inputs);
            return;
        }
        if (again)
        {
            RevisionRows.Forgive(session, name, merged.Hash);
        }
        Revision? before = RevisionRows.Find(session, name, device.Number);
        var revision = new Revision(
            device.Number + 1, merged.Hash, author ?? merged.Author, now, inputs,
            // What was meant once stays meant: a device that was away for the change may learn of it from a later revision.
            merged.MayChangeBootstrap || before is { MayChangeBootstrap: true }, merged.Trial);
        RevisionRows.Add(session, name, revision);
        DesiredRevision next = device with
        {
            Inputs = text,
            Number = revision.Number,
            Hash = revision.Hash,
            IsRepeated = isRepeated,
            IsRefused = RevisionRows.IsRefused(session, name, revision.Hash),
            Changed = _change,
        };
        Put(next, inputs);
    }

    private void Put(DesiredRevision device, RevisionInputs inputs)
    {
        DeviceRows.Put(session, device);
        if (device.Hash.AsSpan().SequenceEqual(device.HeldHash))
        {
            // It runs these bytes already, is sent nothing, and has nothing to answer.
            RolloutRows.NoteOutcome(session, device.Device, inputs, ConfigOutcome.Applied);
        }
    }

    private RevisionInputs InputsOf(string device)
    {
        var versions = new List<(Layer, long)>();
        foreach (Layer layer in (Layer[])[Layer.Fleet, .. GroupRows.Of(session, device).Select(Layer.OfGroup), Layer.OfDevice(device)])
        {
            if (!_rollouts.TryGetValue(layer, out Rollout? rollout))
            {
                rollout = _rollouts[layer] = RolloutRows.Newest(session, layer);
            }
            if (rollout is not null)
            {
                long version = !rollout.IsPartial || RolloutRows.Includes(session, rollout, device) ? rollout.Version : rollout.Base;
                if (version > 0)
                {
                    versions.Add((layer, version));
                }
            }
        }
        return new RevisionInputs(versions);
    }

    private Merged Merge(string device, RevisionInputs inputs, string text)
    {
        if (_merged.TryGetValue(text, out Merged? merged))
        {
            return merged;
        }
        JsonNode document = new JsonObject();
        LayerVersion? newest = null;
        bool mayChangeBootstrap = false;
        foreach ((Layer layer, long number) in inputs.Versions)
        {
            (LayerVersion version, JsonObject own) = Version(layer, number);
            document = MergePatch.Compose(document, own)!;
            newest = newest is null || version.Made >= newest.Made ? version : newest;
            mayChangeBootstrap |= version.MayChangeBootstrap;
        }
        byte[] bytes = MergePatch.ToBytes(document.AsObject());
        if (bytes.Length > MaximumBytes)
        {
            throw new ConfigRefusedException(
                $"The layers of {device} would make a configuration of {bytes.Length} bytes; a device takes {MaximumBytes}. Say less, or less of it twice.");
        }
        byte[] hash = SHA256.HashData(bytes);
        LayerRows.AddDocument(session, hash, bytes);
        return _merged[text] = new Merged(hash, newest?.Author ?? "", mayChangeBootstrap, newest?.Trial ?? TimeSpan.Zero);
    }

    private (LayerVersion, JsonObject) Version(Layer layer, long number)
    {
        if (_shared.TryGetValue((layer, number), out (LayerVersion, JsonObject) known))
        {
            return known;
        }
        LayerVersion version = LayerRows.Get(session, layer, number);
        (LayerVersion, JsonObject) read = (version, MergePatch.Parse(LayerRows.Document(session, version.Hash)));
        // A device's own is needed once, and there may be thousands.
        if (layer.Kind != LayerKind.Device)
        {
            _shared[(layer, number)] = read;
        }
        return read;
    }

    private sealed record Merged(byte[] Hash, string Author, bool MayChangeBootstrap, TimeSpan Trial);
}
