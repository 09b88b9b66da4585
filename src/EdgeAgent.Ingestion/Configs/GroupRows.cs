using EdgeAgent.Ingestion.Storage.Control;

namespace EdgeAgent.Ingestion.Configs;

/// <summary>The groups of the database. Where a device is in several, the later one wins; their order is that in which they were first named, or declared.</summary>
internal static class GroupRows
{
    /// <summary>In their order.</summary>
    public static List<string> All(ControlSession session) => session.Query("SELECT name FROM config_groups ORDER BY place", static row => row.GetString(0));

    public static List<string> Of(ControlSession session, string device) => session.Query(
        "SELECT g.name FROM config_groups g JOIN config_members m ON m.name = g.name WHERE m.device = @device ORDER BY g.place",
        static row => row.GetString(0), ("device", device));

    public static List<string> Members(ControlSession session, string group) => session.Query(
        "SELECT device FROM config_members WHERE name = @name ORDER BY device", static row => row.GetString(0), ("name", group));

    /// <summary>A group that there is not yet comes last.</summary>
    public static void Add(ControlSession session, string group) => session.Execute(
        "INSERT INTO config_groups VALUES (@name, @place) ON CONFLICT (name) DO NOTHING",
        ("name", group), ("place", session.Next("config_groups", "place")));

    public static void AddMember(ControlSession session, string group, string device) => session.Execute(
        "INSERT INTO config_members VALUES (@name, @device) ON CONFLICT (name, device) DO NOTHING", ("name", group), ("device", device));

    public static void RemoveMember(ControlSession session, string group, string device) =>
        session.Execute("DELETE FROM config_members WHERE name = @name AND device = @device", ("name", group), ("device", device));

    /// <param name="session">The change.</param>
    /// <param name="groups">All of them, in the order that they are to have.</param>
    public static void Order(ControlSession session, IReadOnlyList<string> groups)
    {
        for (int i = 0; i < groups.Count; i++)
        {
            session.Execute("UPDATE config_groups SET place = @place WHERE name = @name", ("place", (long)i + 1), ("name", groups[i]));
        }
    }
}
