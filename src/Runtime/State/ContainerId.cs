using Container.Runtime.Messages;

namespace Container.Runtime.State;

/// <summary>Ids of containers: names of directories, so nothing else than runc allows.</summary>
internal static class ContainerId
{
    public const int MaximumLength = 255;

    public static void Check(string id)
    {
        if (id.Length == 0) throw new RuntimeException("the container's id is empty");
        if (id.Length > MaximumLength) throw new RuntimeException($"the container's id is longer than {MaximumLength}");
        if (!IsValid(id))
            throw new RuntimeException($"'{id}' is not a container id: letters, digits, '_', '+', '-' and '.' only");
    }

    public static bool IsValid(string id)
    {
        foreach (char c in id)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('_' or '+' or '-' or '.')) return false;
        }

        return id.Length > 0 && id is not ("." or "..");
    }
}
