"""Texts for the tests of encodings, written for them."""

ARTICLE = """Bộ đội giúp bà con bản Pa Lừng gặt lúa chạy lũ

Sáng 12-9, hơn bốn mươi cán bộ, chiến sĩ Đồn Biên phòng Nà Hỳ mang liềm, quang gánh xuống ruộng. \
Lúa chín rũ, nước suối đã ngấp nghé bờ. "Không có các chú thì nhà tôi mất trắng", bà Lò Thị Pó nói.

Đến chiều, họ chuyển xong ba tấn thóc lên nhà văn hóa. Đội văn nghệ xã nấu nồi cháo gà; \
trẻ em ùa ra xem. Ngày mai, tổ công tác sẽ sang bản bên cạnh, nơi còn bảy hộ chưa kịp thu hoạch.
"""

FOREIGN = [
    "The ferry leaves at 6 (or later). Who knows? Prices: $4.50, up 3%. See www.example.com/?a=b",
    "L'été où j'étais à Genève, le maïs était déjà très haut; nous fêtions Noël bientôt.",
    "Für die Flüsse wären größere Boote nötig, sagte der Bürgermeister von Köln.",
    "El niño señaló que la reunión del año en España será más corta.",
    "A população de São Paulo está à espera das eleições; não há vacinação.",
    "Perché il caffè è così caro? Più di un'università lo studierà.",
    "Пограничники встретились во вторник.",
    "两省边防人员周二会面。",
    "Temperatures of 25 °C, 5 µm of rain, © 2020 Intel® – “cheap” at £3½.",
]
