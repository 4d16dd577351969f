"""Invented texts, odd pieces of text and a strategy that draws from them."""

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

ARTICLES = [
    "Sáng nay, bà Lò Thị Mây mở lại quán cà phê nhỏ bên hồ sau ba tháng sửa chữa.\n"
    "Khách quen ghé uống trà, kể chuyện mùa màng và hỏi thăm sức khoẻ nhau.",
    "Đội bóng xã Tân Lộc thắng 3-1 trong trận chung kết ngày 12/5/2021. Huấn luyện viên nói: "
    '"Các em đã chơi bằng cả trái tim!"',
    "TP.HCM - Công ty H&M-Việt thông báo giảm giá 20% từ 1.250.000 đồng xuống 1 triệu đồng.",
    "Th.S Nguyễn Văn Bách và TS. Lê A. trả lời e-mail qua bach@vidu.vn, xem http://vidu.vn/tin?id=3.",
    "ÔNG TRẦN CÔNG MINH ĐƯỢC BẦU LÀM CHỦ TỊCH HỘI LÀM VƯỜN HUYỆN NĂM NHIỆM KỲ LIÊN TIẾP",
    "Giá vàng hôm qua tăng 1,5%; giá xăng giảm 200 đ/lít... Người dân thì vẫn chờ :D\n",
    "xe biển số 43H-0530 chạy tốc độ 120km/h trên đường 3x4 m v.v. rồi dừng ở cột mốc số 7.",
    "Học sinh dân tộc H'Mông ở xã N’Thôn Hạ đọc sách ' cổ tích ' dưới cây đa cổ thụ hàng trăm năm.",
]

QUIRKS = [
    "", " ", "\n", " \n ", "a", ".", "A.", "A.\n", "A. ", "A.\n\n", "A.\r\n", "xã A.",
    "xã A. B.", "Đ.", "HCM.", "Tp.", "Mr.", "ThS.", "T.Ư", "U.S.A.", "J.K.Rowling", "v.v",
    "v.v.", "v.v...", "Th s", "Th S", "Th\ts", "Th\ns", "Th\u00a0s", "Thus", "This", "aTh s",
    "Th.s", "bà Th sinh ra", ":D", ":D ", ":D a", ":Da", ":DD\n", ":)", ":))", "=))", "<3",
    "♥‿♥", "ʺ", "aʺb", "ʺa", "a ʺ b", "°C", "30°C", "H&M", "e-mail", "E-mail", "NĐ-CP", "a-b-",
    "-a-b", "1.600m-2.000m", "a@b.vn", "@b.vn", "foo.na@vidu.com", "http://", "http:/a",
    "https:%20", "ftp:a b", "vidu.vn/", "vidu.vn @", "www.vidu.vn", "http://vidu.vn/(a(b)c) x",
    "(http://vidu.vn)", "03-5730-2357", "02/05/2014", "1/2", "10:20:50", "20.08.2014",
    "2014/08/20", "4K", "12ABC3", "60.542.000", "1,5", "1.2,3", "a_b", "_", "__a__ b",
    "không khí a_b a b", "2147483647 tài khoản", "2147483648 tài khoản",
    "số tài khoản 8312205104166 mở", "007 00000000000000000001", "٣ ²", "+5 -5", "ð Ð đ Đ",
    "baì nghành BÍẾT thuỵ oà", "hoà hòa hoá hóa", "tie\u0302\u0301ng Vie\u0323\u0302t",
    "to\u0301an ho\u0300a", "e\u0308\u0323", "e\u0323\u0308 x", "\u0301", "a \u0301b", "\u0344",
    "\u0958", "x\u0958y", "\u1100\u1161\u11a8", "한국", "\u1100 \u1161", "中文字", "สวัสดี",
    "مرحبا", "😀", "👍🏽 tốt", "a\u200bb", "\ufeffa", "BOS EOS bos eos", "BOS", "İstanbul",
    "straße ẞ", "ΣΑΣ ς", "ﬁ", "ǅ ǆ Ǆ", "ƛ chữ", "ɤ", "\u0378 lạ", "\ua7d3", "\U00010d70", "\x00",
    "a\x00b", "a\x1cb", "a\x85b", "a\u2028b", "\u2000a\u2001", "\u3000", "a\u3000b", "“Đúng”",
    "…", "a…b", "–", "1–2", "(a) [b] {c}", "a/b\\c", "100%", "$5", "a=>b ==> ->", ".....", "--",
    "- -", ">>", "x" * 300, "a" * 255 + " b", "a" * 256, "ạ" * 700 + ".", "1" * 5000,
]  # fmt: skip

_SYLLABLES = [
    *(
        "ông",
        "bà",
        "chủ",
        "tịch",
        "nước",
        "Việt",
        "Nam",
        "hôm",
        "nay",
        "công",
        "an",
        "thành",
        "phố",
    ),
    *("Hồ", "Chí", "Minh", "đã", "có", "thể", "bị", "phạt", "tiền", "do", "vi", "phạm", "luật"),
    *("giao", "thông", "đường", "bộ", "trong", "năm", "qua", "và", "các", "ngành", "liên", "quan"),
]
_PIECES = [piece for quirk in QUIRKS if len(quirk) < 50 for piece in (quirk, *quirk.split())]
_SPACES = [" "] * 6 + ["\n", "  ", "\t", "\r\n", "\u00a0", "\n\n", "\x1f", "\u2028", ""]


def texts() -> SearchStrategy[str]:
    """Texts of Vietnamese syllables, of pieces of the quirks above, and of any characters."""
    characters = st.characters(exclude_categories=["Cs"])
    part = st.one_of(
        st.sampled_from(_SYLLABLES),
        st.sampled_from(_PIECES),
        st.sampled_from("aAsShTtđĐnN019.,:;-_'’&@/()[]<>=+%$D"),
        st.text(characters, max_size=4),
    )
    pieces = st.lists(st.tuples(part, st.sampled_from(_SPACES)), max_size=40)
    return pieces.map(lambda found: "".join(a + b for a, b in found))
