namespace Lockstep.Jsonata.Pictures;

/// <summary>
/// Days of the Gregorian calendar, extended to all years, year 0 before year 1. Days are counted from 1 January 1970.
/// </summary>
internal readonly record struct CivilDate(int Year, int Month, int Day)
{
    private const int DaysTo1970 = 719_528;

    private static readonly int[] DaysBeforeMonth = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];

    /// <summary>The date of a day.</summary>
    public static CivilDate OfDay(long day)
    {
        int year = (int)Math.Floor(day / 365.2425) + 1970;
        while (FirstDayOf(year) > day)
        {
            year--;
        }

        while (FirstDayOf(year + 1) <= day)
        {
            year++;
        }

        int rest = (int)(day - FirstDayOf(year));
        int month = 12;
        while (DaysBefore(year, month) > rest)
        {
            month--;
        }

        return new CivilDate(year, month, rest - DaysBefore(year, month) + 1);
    }

    /// <summary>The day of 1 January of a year.</summary>
    public static long FirstDayOf(int year)
    {
        long last = year - 1L;
        return year * 365L + Floor(last, 4) - Floor(last, 100) + Floor(last, 400) + 1 - DaysTo1970;
    }

    /// <summary>The day that many days after a month's first; months and days beyond the calendar's run over into the next.</summary>
    public static long ToDay(int year, int month, long day)
    {
        int carried = year + (int)Floor(month - 1, 12);
        int inYear = month - 12 * (int)Floor(month - 1, 12);
        return FirstDayOf(carried) + DaysBefore(carried, inYear) + day - 1;
    }

    /// <summary>1 for Monday to 7 for Sunday.</summary>
    public static int Weekday(long day) => (int)(day + 3 - 7 * Floor(day + 3, 7)) + 1;

    /// <summary>The Thursday of a day's week; its year and month are those that the week is counted to (ISO 8601).</summary>
    public static long ThursdayOf(long day) => day + 4 - Weekday(day);

    private static int DaysBefore(int year, int month) => DaysBeforeMonth[month - 1] + (month > 2 && IsLeap(year) ? 1 : 0);

    private static bool IsLeap(int year) => year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

    private static long Floor(long value, long divisor) => value / divisor - (value % divisor < 0 ? 1 : 0);
}
