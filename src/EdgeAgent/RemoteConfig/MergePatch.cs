using EdgeAgent.Configuration;

namespace EdgeAgent.RemoteConfig;

/// <summary>
/// JSON merge patch (RFC 7396 section 2) on what was read: sections merge, null removes, everything else takes the place of what was there.
/// Depth is that of the documents, which <see cref="ConfigDocument"/> bounds.
/// </summary>
internal static class MergePatch
{
    /// <param name="target">What the patch is laid over; null where there is nothing.</param>
    /// <param name="patch">The patch.</param>
    public static ConfigNode Apply(ConfigNode? target, ConfigNode patch)
    {
        if (patch.Kind != ConfigNodeKind.Section)
        {
            return patch;
        }
        var members = new List<ConfigMember>(target?.Kind == ConfigNodeKind.Section ? target.Members : []);
        foreach (ConfigMember change in patch.Members)
        {
            int at = members.FindIndex(member => member.Name == change.Name);
            if (change.Value.Kind == ConfigNodeKind.Null)
            {
                if (at >= 0)
                {
                    members.RemoveAt(at);
                }
            }
            else if (at >= 0)
            {
                members[at] = change with { Value = Apply(members[at].Value, change.Value) };
            }
            else
            {
                // Also into nothing: a null inside it is a removal, and never stays.
                members.Add(change with { Value = Apply(null, change.Value) });
            }
        }
        return patch with { Members = members };
    }
}
