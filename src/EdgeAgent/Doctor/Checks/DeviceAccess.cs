using EdgeAgent.Doctor.Surroundings;
using EdgeAgent.Files;

namespace EdgeAgent.Doctor.Checks;

/// <summary>Whether the agent's user may open a device file.</summary>
internal static class DeviceAccess
{
    /// <returns>What is wrong; null where nothing is.</returns>
    public static Diagnosis? Problem(ExaminedDevice device, Account? agent, string subject, string path)
    {
        if (agent is null || FileNode.TryRead(path) is not { } node || agent.MayUse(node))
        {
            return null;
        }
        string group = Account.GroupName(device.Root, node.Group);
        return node.Group == 0
            ? Diagnosis.Fail(subject, $"{path} belongs to root alone, and the agent runs as {agent.Name}.", "Give it to a group by a udev rule, and the agent's user to that group (usermod -aG).")
            : Diagnosis.Fail(subject, $"The agent runs as {agent.Name}, which may not use {path}.", $"usermod -aG {group} {agent.Name}; systemctl restart {UnitSettings.Unit}");
    }
}
