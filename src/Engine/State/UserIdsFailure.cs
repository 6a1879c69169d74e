using Container.Engine.Errors;

namespace Container.Engine.State;

/// <summary>A file whose owner the user has no id for.</summary>
internal static class UserIdsFailure
{
    private const string Action =
        "Install newuidmap, and have root give the user ids: usermod --add-subuids 100000-165535 "
        + "--add-subgids 100000-165535 USER.";

    /// <summary>A map of a bundle that wants an id of somebody else.</summary>
    public static EngineException DescribeMap(uint id) => new(
        ErrorId.SubordinateIdsMissing,
        $"The bundle maps the host's id {id}, which is neither this user's nor one that /etc/subuid gives the user.",
        Action,
        id);

    /// <summary>What is missing, and how to get it.</summary>
    public static EngineException Describe(string name, Exception? inner = null) => new(
        ErrorId.SubordinateIdsMissing,
        $"'{name}' belongs to a user or group that this user has no id for: "
        + (UserIds.Current?.Missing ?? "/etc/subuid and /etc/subgid give it too few") + ".",
        Action,
        name,
        inner);
}
