using Container.Native.Syscalls;

namespace Container.Native.Processes;

/// <summary>
/// Who has an account on this host, wherever accounts are kept (nsswitch.conf(5)). Not for psrun, which is linked statically.
/// </summary>
public static unsafe class AccountDatabase
{
    private const int Size = 16 * 1024;

    /// <summary>Whether a user has this id.</summary>
    public static bool HasUser(uint id)
    {
        byte* buffer = stackalloc byte[Size];
        Users.Account account;
        Users.Account* found = null;
        return Answers(Users.getpwuid_r(id, &account, buffer, Size, &found), found);
    }

    /// <summary>Whether a group has this id.</summary>
    public static bool HasGroup(uint id)
    {
        const int Words = 8;

        byte* buffer = stackalloc byte[Size];
        nint* group = stackalloc nint[Words];
        void* found = null;
        return Answers(Users.getgrgid_r(id, group, buffer, Size, &found), found);
    }

    // One with more members than the buffer holds is there all the same.
    private static bool Answers(int errno, void* found) => found is not null || (Errno)errno == Errno.ERANGE;
}
