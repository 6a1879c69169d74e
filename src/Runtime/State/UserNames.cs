using System.Globalization;
using System.Text;
using Container.Native.Syscalls;

namespace Container.Runtime.State;

/// <summary>Names of the host's users: passwd(5).</summary>
internal static class UserNames
{
    private const int Limit = 4 * 1024 * 1024;

    /// <summary>The user's name, or <c>#id</c> where /etc/passwd has none.</summary>
    public static string Find(uint uid)
    {
        if (uid == 0) return "root";
        try
        {
            using FileDescriptor file = FileCalls.Open("/etc/passwd", FileCalls.O_RDONLY);
            string number = uid.ToString(CultureInfo.InvariantCulture);
            foreach (string line in Encoding.UTF8.GetString(FileCalls.ReadAll(file, Limit, "/etc/passwd")).Split('\n'))
            {
                string[] fields = line.Split(':');
                if (fields.Length > 2 && fields[2] == number) return fields[0];
            }
        }
        catch (SystemCallException)
        {
            return $"#{uid}";
        }

        return $"#{uid}";
    }
}
