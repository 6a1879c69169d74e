using System.Globalization;
using System.Text;
using Container.Native.Syscalls;

namespace Container.Native.Namespaces;

/// <summary>The user namespace this process is in (user_namespaces(7)).</summary>
internal static class UserNamespace
{
    private const int Limit = 64 * 1024;
    private static bool? isInitial;

    /// <summary>Whether it is the host's, where every id is itself.</summary>
    public static bool IsInitial => isInitial ??= ReadMap() is [0, 0, uint.MaxValue];

    /// <summary>Whether the namespace has a user of this id.</summary>
    public static bool HasUser(uint id)
    {
        uint[] map = ReadMap();
        for (int i = 0; i + 2 < map.Length; i += 3)
        {
            if (id >= map[i] && id - map[i] < map[i + 2]) return true;
        }

        return false;
    }

    /// <summary>Whether this process may do what only root of the host may.</summary>
    public static bool IsRootOfHost => Users.geteuid() == 0 && IsInitial;

    // For each range the first id inside, the first outside, and how many.
    private static uint[] ReadMap()
    {
        const string path = "/proc/self/uid_map";
        using FileDescriptor file = FileCalls.Open(path, FileCalls.O_RDONLY);
        string[] numbers = Encoding.ASCII.GetString(FileCalls.ReadAll(file, Limit, path))
            .Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
        return Array.ConvertAll(numbers, static number => uint.Parse(number, CultureInfo.InvariantCulture));
    }
}
