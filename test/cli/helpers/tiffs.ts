// TIFF files that Pillow and tifffile wrote, and ways to change them or to write others.
import { inflateSync } from "node:zlib";

const file = (base64: string) => inflateSync(Buffer.from(base64, "base64"));

/** The value at x, y of channel c in all of them: in full with 8 bits, its last bits with fewer, 256 * value + x with 16. */
export const valueAt = (x: number, y: number, c: number) => (7 * x * x + 13 * y * y + 5 * x * y + 60 * c) % 251;

// Of 9 x 7 pixels where nothing else is said; each is compressed once more, to be short here.
export const TIFFS = {
  grey: file(
    "eNrz9NRi4GBgYOBkYGBkYWCEsBgYoWx2IGZiZAazQaqYoWwQZkNiC0LVVwGxGJJecSjbHohlkNSDAbuMfcF6xpijvJLG0ROv6vT8MnFNmXhGqvCaX2n3+odqJRfst194LR" +
      "kw9YXfXnuvrBlXlKsfRt25yWxWfkxjsuAMAIF+Hvw=",
  ),
  colour: file(
    "eNrz9NRi4GBgYOBiYGBkYWAEsjiBmBHKZgdiJkZmBmYg3QbEzEA2SByE2aBsJiAWhKrvAWJRqDhIjxiSOeJQ9l4glkEyBwQ4wJDBpoLduV4mYop99faCNS/Wv9ZhtK2MmX" +
      "HlKJsTr2erZOhE4/zV0dMvTzzLd1UsSCdjSc8Jzl/W5SYFa1wb96YsuAMUP8PrKRU2qXDty2viwX5dx0o3vu0+zgE056FSnFrSvJINby4I+gIN3/7ZBMh4rZMBNDOg58TU" +
      "i0IvNFOB6vf+tALKerUdylr2aMYV0Suigcrxs6u3fwZqj5p26Y5s5E2pMGb7arOideWb3x9jd9ZIWTD5vICgbydQMQAh61zX",
  ),
  colourAlpha: file(
    "eNrz9NRi4GBgYOBmYGBkYWAEsjiBmBHKZgdiJkZmBhYgPQmImYFskDgIs0HZTEAsCFU/C4hFoeIgPWJI5ohD2X+AWAbJnCAkc0CAAwoZbCq2sDvX75aJmHLBvnr754I1Lz" +
      "TXv9bJYLSt3Boz44roUTanOl7P1oOSoRPPGuevfh49/bLIxLN8XlfFgvp0MpY86DnB6frLunyzCVCja+PenykL7siC5M8ANUmFTTpXuPal1jXx4H6/rmPspRvf6nUf53AB" +
      "mf9QKW6WWtK8WyUb3uheEPTtBNm9/bNJAYgNlF4Csi8AaPjUi0J+LzRTF4L07/1pVQZS59V2iDlr2SNloPMCgahXOX72daCwCcjMqGmXhO/IRk69CbScGajYrGjdq/LN7w" +
      "2OAT2pAXTc5PMCPkArjoL0AgAcCn1t",
  ),
  greyAlpha: file(
    "eNrz9NRi4GBgYOBmYGBkYWAEsjiBmBHKZgdiJkZmBiYgzQGEzEA2SByE2ZDYglD1k4BYFCoO0iOGZI44lF0HxDJIeoOQ1IOBDbuzTIR9dcGa9a8ZbWNmHGXj9ZQMNc6Pnj" +
      "7x7FUxnYyeE7+sTQpcG1MWTDx7hlcqrHDtNXG/rtKN3cfXv36opJZUsuGCoH319s8XBF/rSIYG9Ey9+ELTr2vvT/tqr7asZTOuXBFVjq/e/lApatod2ZtSzPZmReWbj7Fr" +
      "pEw+L+g74woAIp48nQ==",
  ),
  grey16BigEndian: file(
    "eNrz9WXQYmBg4GDgYWRgYAGygBQDJyMjnM3OyMTADGYLAAlmKBsow8iGxBaEq9/AKIokLoZkjjicXccoxcAKZc9jlIazlzFqIPRCASMaBhokw2TPXMCynpWRLYb9KAcvgy" +
      "SjMVM080SWq6w6bD3svzhMGFwZU5gmMp9hkWItZLvG7sdRytDNuJ7pIbMaSwnrBTZ79u0cFxheM0oyBTBPZXnB6se2l92ew4shi3EG0xVmZZZq1odsUex3OG4yMDOaMZUz" +
      "H2PRYJ3MJsg+gwMAnKEiMg==",
  ),
  colour16: file(
    "eNpVkEtIlFEUx8/j3nOOC8UJRnGyjUVYzC5x0YOBpMUEIz1QemEQBuImk8LiW0RBQeZmeg4EIREtytJoMZvcCE0SSVZTELjIVsYULVzlqvvJR0zn8OP+7uHPuXDz+e1gAN" +
      "AIgA4wWEMAE9cAIQOH80mAg8fzGEmcAqmQjzMzgXQyj+8tyZ7YW5M9rwIZ9OvzucDGxN8G2uv2d9Z5XM3r/S3YlTDaEp59GLr7X6Y++1/thguo2IOXqJ2O0G3OccRlN+Km" +
      "3Iqf9jWfFZQ9clFPaEmr9trE9obvyMNVbMM+LNIOOkNP+Tjf40+u6BZck//sW/whycqQPNIJndcGW7NdNgZdMAJTuA8v4ywN0iQtcZEXuMm9c40u7zO+39+Us/JMfugXbd" +
      "XD1mvjVoHz8AJ+4Q18g0bTVKMsL3MHD7it7pR74M/5Gf9TFiUlBc1ppGUr26p1wSKkoIA1zOIQtVEfFfkAT/C8u+M+uA1+xW/zp6VXxqWis/pHd1rOIivDfrgGcziMj/E7" +
      "lahKaa5ymg+6ze6ku+8jX/arsiwdMqDH9K5+tCXbZEfhK2SgHxlzGFE3jdJzHuOX/NtVnLoe3+kH/aTckvfSrCkt6HUrWdXSfwFwlWUw",
  ),
  // 40 x 40 pixels, whose codes grow from 9 to 11 bits
  lzw: file(
    "eNpNln1M0wcax38v7a+/vtLyUkpp4deWl1rrLBzjXWwpFFBhZaKHiFwLFXrKaVXUzu3M79eWUqHQgi8DBdaKImd0K84szGO7FgG7u8WrO89Dw5mCjDCPWyq5+LJ4ybnEXP" +
      "Ykn+ST5/k+/z55KipkgBgFABwAFgKvAg3gOxnl8sYIp/mo2BEIux2D537fYGN2N14wLCUYRugjgXJ3XUmWVS3JfFR6Va4pcukuc7IYwSoPKx1+qre8FKU2zF7Jm5dNFkRZ" +
      "XDnrzy7HJjPR0ZIuRdah/TEDywqZfz6ftumfn7GVnmt9B1jbF2yhr86fTLIMMs7Bcb5X3KHqfS/Q/pVQ8vVgZdPKN+GAVlJNjVNn0TRbJp2Vn+eSy+ui8h/uP3v1v59CiV" +
      "lCfZ9lR6iqwfVQg4+kiltSXWWXPs8v7YvNyuz413dHvDIt49YjRrakMozJ+7or7B7n84UNOSyRBnzdn46CAWIN/Kr2hewz5C99H36p1MVDQz8eN/K0tVuzlU1Nf+RpT6Oj" +
      "SGXNrsJiYKgsI4zYm/Le/6jLruxp6VYOdJbSvZG6OOSi6ekO4aW8xja7TXV/44URE7+uBwxiZkGLaJnmgL/BmVFXTEtQzKIxuiV2Wg+ookuJCaaz0fx6D9EkOicegCKkX3" +
      "cvrGSCw35Uluj8ft2iNB4cOJAunEGnecQd76MTYMAxrR0KOP68fXjxnlM8MKIU63uhOXNcO9jfn3eWUmvRQiXG7F103Hu1prdpbq349HIuSRIDGr/diT+p/mLjkE3XZv7Y" +
      "0L+W3f3kVb6BgIhtFDeWIeVfWArfxUjhcBGP+mThANRlSYCa222epIp2jfanZPDKOo/hPEXKT44a1dZUEEue2ma3mJd2LBHpvWmGxbu4rR3qgVaE2ez3mVzevJtalsXnFN" +
      "Pg6hQDJEmwJ3KLqTeKKR7R2O6z5DxjyyegZ60ZKV2JVfCIh8fShSXBa+zh0YWL+wSe8tbcj5W+58dZuGqLzNJ8z1gVXTKuNSQFvoRaHYRiuYXS3n/CyApU393ddwl9rjqd" +
      "+sNjPlsTOd/YSRFxMaD5g/rKvulXrb+zNHo1UA9ZtLphQFw9lmu1E+9kUxeBk2mMJaIHddqlh3ejs6+4YmL0ma2Oa+dMIo5Lu76WcKeoCpB1ZTyWy18amxLadMH8+FNPfj" +
      "hMYiCKk7rOO94tmQimDx8ZwrEtsui0cJvW2tI/9htKM3oTOCfxdEZDmE7GpaWIOhk9d9Cvj7BB1Y2q7kXzCYGj8SFUN7yor2H2jWI126x7FY6jZ0aM9hgrFqwSdV9e90Ac" +
      "63+YGcezOmrNvO/1Rdq4Zf2PfJfdcXgHecacVQZdlro3kftxup4ttAGjQjIvjEApZsT7CAvk3o8mHMkQrqQSoXqOVcrsqL7FRcI3SZa22K7wtxRk7jrHu1rg4GRuvNOfz1" +
      "F75N0K/ybby51w06W99N5WhSaEUPQvW6wZSpRc/jcqzFvv4hRyVez/JEoUzd2BNZqa/QdA37+/fTwkBn3/5i4W5tvdD5KmgzMAoagGfD8BNpzD9ue+Z8sIy+FIHYpHRGRd" +
      "REZR5ERLlvKjiCQmhT3CUhUKYUVbzG33iEAZKnPhK0UlDkNi4BpM80xROzx/51lJzSytmGMrf0SZuhbXpfRsKjUeQcOXGIRJE6WWXkgMz20Femlksu4ebcShgsG78pLygw" +
      "z9mfxTGSeLihWDgHf+Q4dn57sl7j2Iv40Kardx1O7rSYHy3ZZnOg4F3SMQhVnOcR434JfAuFNAHudl+lfMQxLHJggcTlGjm8m6M1yb4m6aJijnwMEcV7WAqeQ5yXBWsc1X" +
      "BJTpnib5a5I6Mg7AVtM8fWSwGHo2K7O+bKTpyzd2eDXZBHY8EVQY2nuX0tsj1cKLJrlFFcmZ9fxDCCgEHaoTiDryjBWW15BxeU7pxCfRFw07nONrLBs2jy6uipjYU6rNr+" +
      "CLYyXEoXAO4nuchLelO57dimpXpsbp2Ueovkm63/Q8SbJCh33z6/08XYI+xYh4UhTTunUJi1i6RckqvOMmwQvYZqcyN7lMdyBZXC9yEXiqNdTKJFa2MsAIe3riFfO2r4gI" +
      "OJKnQ4WCxTO5Nl8zTWXcTF/MMhB4+F2L+R7Dn1LXobRQAOkLANPy7ariAkg7Tm6cELMyZHEa9m/h26adDv+aEF45Ey/xJaCcyRh77nYhpJQA3k83zEi9cU2MNgsW3ABMWI" +
      "FiabSzF+Aoy31MZZDEOnQjuywXRVRjtYD7QfZU5CkHmztGr+YJ1NhelqWkIUprSe0IHhROAWxGLy3mtpTLh9oKEbYvXo338gA0rVOXIvKbPah1urYj8gVHtaKmLSzV9JhM" +
      "KR2ho8liJb8no1wwO9dL8wzCLnBuE96fx7w4CSGiwRjNmAmWyMsRhYMRwAtoxGptlKJPBoTOkhrfXN/ALbkaXy98wttxaqFovb32OUKsGmHifXppqA6EXpfY2T2swEols7" +
      "HeSIRXsiHzXxlKxk67Zx+Mv3wUB7FzEN0cRmZ/B3lteyxEIXUm2ABJsqoo7mC8GvsgxpqFti8cpk5HpPF6G61bVIJReGNRelOqDR9NJPUHIdCmg0V1rFn3R4j1vqFzPDut" +
      "VPonQdjxKzqeL/brziFNhgqyu56kUbiZYK6IpBwT2CJzJO/qwXb9Nb5Se5OFRWiuQ3MFfmkKTazYZ+XIYZtZwgP98VHVwxtmeX3MBeO6ds/jFDuPQrNMsk4pC+XFE/QESF" +
      "eAYBMJcGiYD9RkdEXq1xGOGSZuO9gFJiWjKBUAQBgAAQCQvgH8hUNv/c37AMBvnfwG5K3/DAck/T/D/cVu/Ns+/81A8Iv8z/U/QoQZfg==",
  ),
  lzwPredictor: file(
    "eNrz9NRiOMLAwNDAwN7eYCOizS54yM1g448/HUGawt6Fxp477vCqLHScuOFKSaC8NG97ipOnwHoBAwmeZY9n7sgoCGNJc/y5YEuUkewE9pRHnirr7Y1m9bo3zzzzamNZa9" +
      "PBjaomKeaSgh4sTKUhOxINZr9wbz74dYGgWtsbp4ceS/LTlSZ6uhod9DkbYT77XIeK4JcpbYkc+k4PC85UOMoJn3RZdEzkTLbpPL/pJlaym6S0uVoWBc4LaZ6uPpWrTell" +
      "uUCBvXy/xZUUFgZuBgZGZgZGoC84gZgRymYHYiYgmxlI+wEFmKHirEDMBmUzAbEgIwuYzQHEolBxkB4xJHPEoWp2A7EMVByEbZHMYQCbAYIAkndQQw==",
  ),
  lzwPredictor16: file(
    "eNrz9NRi4GBgYOBlYGBkYWAEsjiBmBHKZgdiJkZmMFsAiJmhbFYgZoOyQVgQqv4AEIsiiYshmSMOZbcBsRQjK5i9CoiloexNQKyBpNcWymZigABGNAwBDSCXWbBoMQo2uC" +
      "kI/mBZwqjb4KvAkMEiwcjL4MoguIGlg1G7wYdBuIAhg5GjwfmBYAZLGaO6B4NaAOcDhlKG1gYlB44TTK4zGLwbhGuuMFxgaDug9IDjXh2jZoPPFQcuDgYvhg7NBMEHLPMY" +
      "dUIa1GetYNzEKMrgliDEW8GUxDDrgPoDLjkmAB5AKLk=",
  ),
  lzwPredictor16BigEndian: file(
    "eNrz9WXQYmBg4GDgY2RgYAGygBQDJyMjnM3OyMTADKRBeBsjM5hmZGAFEmxQNhOQEISrv8AoChUHkoxiSOaIw9iMmoxSIBPA4nsYpeHsI4wyUL0gVRpIbFuEXWAgAIYQXc" +
      "iYoQHo0gOMDxjYGQ4pMgbwGEkoMxxRYhbgCdKwZzjG0SA0pYDJl2HaEyNjD5a7agzNDiwTmEQYeBjOqDEu4LmUocFwTp05gedDGWPvpAwGoT1VVgkMl3g2Nc9ZkMFgwSDa" +
      "wNDBtjqUvyHbdGIG2y4jhvMnxAQ4LZidFgbmOkhFrmDOs2HI3HJ5BWMSQ1kD0wHpGzlMKvsf5DAX8DZ0MW688ebGBs4CpsTjDb7f/iw99qiWYYtWA1MG09/5DN0NSnMl2D" +
      "mXMzz88GQBpw9TxLUGn5sybf5qJQwLtivIHNRgaGMwaGBi4BfuXHSR54DyAU72aYzqDaWzzraHpzCafmNQn8D3uHCXc0ON7gSGDIYwBq4GpfgI9qnvn/2pvCu0gP1VEsP0" +
      "ett1Jw8w2du/u32UcWIDFxMADAlwTA==",
  ),
  deflate: file(
    "eNrz9NRiOMPAwFAxJ3nDyoTyddM7ZyTF792bcLb76/pSiVzt5LQYy1PPjry+qSVpddGivvTLl9PC5z/FinJfOhlxqbjp8/TSnZ4Hpa4f26vJ/Y7h6PkPVV6tvloxvz/Nqt" +
      "gQf33jpd783f3FDGcrV4gsn2ayPuXwbO6mfQ6Ht9ebMRrFvU5hOMvzwtLw66IL3GdDFvzaa7+2YVNcbvumabazCl2/dGUsKPrz5tXb+Y23Fi+L3aUsXRms1XNz3601GbE/" +
      "n30/fmOuaZCYj52+wovbnCE8DDXhkQFcDAyMzAyMQN9wAjEjlM0OxExANjOQ9gIKMEPFOYCYDcpmAmJBRha4uChUHKRHDMkccaiaI0AsAxUHYQawPhAEAFErawM=",
  ),
  deflatePredictor: file(
    "eNrz9NRi4GBgYOBjYGBkYWAEsjiBmBHKZgdiJkZmBmYgvQ2ImYFskDhIBxuUzQTEgkD1LEB6DxCLQsVBesSg5oDUiAPFQWrOALEUIytY/AoQS0PZd4BYBqoXhDWQ2LZIdj" +
      "GA7QfBD0CWHlA4G4hXArEdgy0Qq8F1wTAyqJiTvGFlQnq6uKhoaFiYmYnJlu3lnFyfevv6zp05/fhrztOHDydOmnTpwgUD481lH0s4+bm8PDzOap9jZtAJ59lVMcdYM0JZ" +
      "Q0NDX3/96uyUtwlvn7+UlJObN2tqaGBMzK6Pa2fM2NLV1TVx58TVzc3z58f7JCXZBaxaJMYw77RAbcWc3QovtHV11y5fmZmX9+7VK1EZwTnTZsyYH3/pSsjrq2Uejo6O/u" +
      "dvHLt47P5pbSUlJV3r3ZuWLFm5V5Zhr6DgkYo5jNIMT/7flArTUlU1NjYGKQ4JSYqNzc4uqKurbG/vKd7H2QQASdRwLg==",
  ),
  // 40 x 3 pixels: column 0 again in columns from 5 on
  packBits: file(
    "eNrz9NRiUGBgYGBhYJexL7jHwMIraRw98R4vi4lrysQz90w4GRgYmRkYgSo0gJgRymYGYiYomwPEh7JZGxgY2KBsEBZkZIGrEUPSKw4VlwBiGST1IAAAUNgJkA==",
  ),
  // 20 x 18 pixels in tiles of 16 x 16
  tiledColour: file(
    "eNrz9NRi4GBgYOBjYGBkYWAEskSAmBHKFgJiJkZmBmYgvQ2ImYFskDhIBxuUzQTEolA2SJ0UIyuYvQeIpaHsI0AsA1UDwhpIbCeoXQJA7IzEdgGyWYD0GSB2BaoHse8wQA" +
      "AHGMJMgOEPQLwe6IR+oNL/QLyf6QFDAYMWAzKouMU7KdvkcqHMMcGTf4suKL7ScC96mSJz8u+k36pXFVcW3HFLfVInrnVEOsjDVUMy6ZrOtV25G/Vm9JyIyerc6nk60X19" +
      "1b03R//tf/+9ct75z1MLTwV+0THjWV98dvnysvXfunRS5xafN/9w7+2XAn0ZmbAvPXusdd+HOcTaT/KM/KyVuOpn7HX+tRs9X1qF20car7JbWn7KaOPeWYu/nDe0nr9v4Z" +
      "vYW7s26K8Quuwqo7r+92a2bSvvzujKfvj4o7qpffOGW9q2h17eXd6cz9efzXbM7LzmDvFvnWs9nszni/xrpXg1YKXUTVbp+9/cZx2zOfFCuHhr04PefYmvA01aDh466MvU" +
      "+ee41c/eOd7c9zniXad1bhAJOrvTduHeKg252TNv80n8XPBo8o19LXPfT9270C8nmkcj/ef9iuqPH7+zzdPz//6kcYVaRVvAkbnnaxZvNmg7vj51brfkpQNc3w7eSDt7oC" +
      "uyeYPsup9lmf6bV75ekCh2vSg7Jlh7hZA0h4rRo8NvO1cJPubuffDtdFPEuUnL18iKzVJXqGCNZvzvYlo78750Y4OD+2QBhp8RaqyzBR0ThHpvLlqo23Yl7uhynil2q34x" +
      "iV9g3D3HW85iSclai+eXBATMtvUti1YvP2Y/573ADI+3xgnS0z7UhdyV93zYpfqeLTDk8ZTPZ5pusG0P8+wXihKvanmWIXnwOc/hh+45U1tOMcQ4KThKdRZlTnpyLjWjUs" +
      "zYa8btiI6o1zuipBif/siad4FrhsL7SeYNIqeXGR7gW/XD970o75+tgV/3lq10NlgsLxV3nNV/D8ve9dXnFiiYSIRZP4v99enHVfEXHFcfeCx6f3aD6B3ZzSsD3OMXXLFY" +
      "2p5+YEfm9DY9tS3NgQItBcwTJC5zOCjJKAY4mKz+b66zdsbRh1oBVjyLj28KN4q4tC+Fx0uBofqFlHeA9jnp4K+TrabP/8NQsL3puQV/iE9O9B/+n7PKEituBffNP/v+7r" +
      "mXtzRe3D7pwJJx4/Pigrenm0z1s8rrVN3+lndP2l4VKd/7ySJGqiPwfvWk1Y85Xh/ZXKM9b4XQ4nvbirQFKrfL+8XXzJf4+ubcVxs53U8XL8tmlQks/jez6hP74Zi482GP" +
      "/1w9sqJ+0awfN5c4mGyY7vFZMle7sets93Xhl3ULjGus+kTW1/um/Ljy/p/d92VXPPXMlQ7/XxkldGFzWejtjp77a1L71eY+tj/40ivlF+Myk82LSg+obHk929Lw1fd/W6" +
      "ryJyQHbViWeV8/6Yq/xeHqOYdZX8yYwlreEcjPwJId7Vlxq3jNXcvHXRqTY0NfHtt+/0z37r6Nr1N0duoJGn1dFPDozuxrT2dPfZzu3eY3pXfOqvl77+z//SN9ctMEzvRv" +
      "fzexecmmbOqeVdZ5cVvR4+i9k3jzY6S/r1I5I/jl7ZOPGYK8b1hnCd+onpQo0tPkyMMQMldHruLW6rs/S5+HG/NNb2uxNJfoYNBll+jfZOnZ5qdz+0sfSKUisGjk5BEHAB" +
      "LXL2Q=",
  ),
  planar: file(
    "eNrz9NRi4GBgYOBlYGBkYWAEsjiBmBHKZgdiJkZmBmYgvQqImYFskDgIs0HZTEAsCFQPUrMBiEWh4iC+GJI54lBz9gCxFCMrWPwQEEtD2aeAWAbJTA0ku0CAAwwfAFnyQK" +
      "E4ILYHQ5gaZLVIgF3GvmA9Y8xRXknj6IlXdXp+mbimTDwjVXjNr7R7/UO1kgv22y+8lgyY+sJvr71X1owrytUPo+7cZDYrP6YxWXCGjXNE9ZrXtjPYPEPzp58VyzhhXdC4" +
      "4Cxv2Frxro3HXyslbRCs/iyoE9pzUbPrZ3Xbsiui8duVpslK2RdtZk8573ulon7K9hc6lVecWieuvswXtISzfM3eO3yek14GH3vLoRM3743vdhPfjIknhFKPWW0/9Eg0cP" +
      "bnuEuRYdXr3jsvEOgUBQB37GFC",
  ),
  // the same, big-endian, with tiles for each channel
  planarTiled: file(
    "eNpNkQk41Gkcx98/g8Y9QktsoUdi7DJUEsY1I8dIWZKK0jhSBuMaxowo9+zWOGKqjWRrcySkyTGdztYxcmWMo8OgUbLzYF1r/1pPj//7fN7f53n+v/d5f+/zJRCAPgBgC5" +
      "CHAEDABhegDEHfXQkSA+JwXecxJP6tQnA/gCQ3XAzeVDYc3iF1ILFxtgHa/t0bIY1N/XobDv+BbL/fpQjZbXL7by4L0w7hvvWv+woA3+ZdX/93bgLaCYCYAcxVmAaYN/Dg" +
      "w/DDbGFIMJcBkLgCMweApDYkA/wBGqhuqgHAEKiCTR+FBw+59i+Q0sCGVUAnm2yafRDVUTg5NZMTzD40Y4kqXUSQbP3dFEdktquH97t2nZV4SDJXjsqseKcbycWybftpmK" +
      "8vCrlCNbfcSVcO9nWQchsz0NkpOL9Xh/rOmx+u/DzBZbfioPi+mGa9bFQ+pi/zsBb0KbVyyjTtk+8wSa4m7IDi1w+H6fUyxL9wrT5iFaGWauLzxv73FrybcR1BqFdpJywM" +
      "9AwDyqWCh3ynGeaz9dmxIaF2iR3oHIVs/dc0K7lxbhs34rHs+bde72i7eYWRnnh7N4706caD9a6fWJ5ac/zu3nHdiE6LaktutP4EOzeReolVPH+izak3XIObd+GwNdYlkG" +
      "4Re4TCcxdMKBOtxeSSJWpaV2ZCseSdIupB3QfWgiFe3D0d0WDsR82ri11WX9V1RAXxqjhmoPJeh+7QaXeGH32Vn603jx2vsQv37S/eqvdlwtSAn9w+ujxSjGRh3z05LY3Z" +
      "AUIl1TMpvIibL35ZKneeWOq1P+/veJy21qW1XKaANyahwz1QH1F9SOIPAgAGG2WiKLzS4Tbm84sI79+crhkz4Ow9zovHbCRmYedFLRNa5kvSpK5bz1QmOnqE5nWoBrUeZO" +
      "NH0m2Rg2GJhR1ynuXbMhQLbKZLot0qW4Tafg9RVBF9Wy3JWIyPQnswuvdkLFJlit2kO+6kptztVfFla1/TLHeD6tPOuqhjydVSxC5CL0m1JfOUpcGrz/phjQY3fixxnC2L" +
      "cjHelVm34FAom4i8biUsjfXA7g+5/cHsmlSifDEB0ZhHCSSeK5qyu6txw7A1GrPQVXO/NIEjH8R17gqQqY1z1EVJoyr+PnRPLUe79ux2/sOspIuMRfxNiZiFDIO+rFP7NJ" +
      "VUdP0qFCgzsaiqAD1RN4f9rG9sf550ikq5F6rnz8x4atodYXE0k8LLXIie87cWo/Y/GExvZ3NNyDaCAgvyPBLzrKqKZowZHdSpk2RVkCZZV9qP7UXaM9lyaHx3wWjlj00r" +
      "w/tr3aaPicpsw0erIm7qfYkx9F6WY631FJ7egVmTTZ0RI1oBbznNFjgFjh+7e8UrpbGpdnz2NnNwWHcrPdeEUE2rv238YkDH6E7emXxxsLtPAUnhDS32+cuLK5k9V61LP4" +
      "OAwAEPxMmNxCgJOexJdGyvba1df7zRZ04ys7RH/mgxMkaUtKOJjlMv4/DlHbOm3JtdhmiGgirG5y1on1vTBLZpnftcSYiVJiGI2ark32zOdhhj4OVHX718r3LkhsjnzfEp" +
      "huVCY0GaJ/XBjF2hYrpKydEtLazYQMRPAWUSgQPegmTMZGVayOmWebNL/EMcXH8ceqKGSY24P7wr8o0dx2ks3Vqi59Gdwj9G9BPeew2cQ1aRzBRnxyfqF52KUamKRQ5zj5" +
      "P9CHiC0OTyBw+uz1zBMc3pzqcNreZJb22qzZoDVTtZ5OOuR/xuCZ0fGdUQvhQRTZUWRUBVK6IH//LIVA5B+WPLE3bj6Db1FDKFd2N45G3bRQS9IX5WheWblTtwsX3Cb9wd" +
      "JwgdjvvHCvPsqf+SPJFOJgmDiXQ/m58z4v1n4pRXS6804I3X6nO2Z6w6lg+58RfSRlWaVn8V+lzXEZWT+1dsBaK6yBEbgTh4+FF7EY5hj/fc43yaYxq3o6N6t+spesMYYy" +
      "6g3jk3LnS+c+rC1Cly1npmSYWoIgpvObg/7BKENDInxLcYJQGgbYTA/wcjEJac",
  ),
  // without the tags BitsPerSample and SamplesPerPixel
  bit: file("eNrz9NRi4GBgAGFGFgZGIIsTiBmhbHYgZmZkBrNBmA2JLQhVkwfEYkjqxaFsPiCWQVIPAmENfxiCGD42ZDbwMVxmAADRGwdT"),
  bitWhiteIsZero: file("eNrz9NRi4GBgAGFGFgZGIIsTiBmhbHYgZmZkBrNBmA3KBgFBqJo8IBZDUi8OZfMBsQySXhBYycDcsLaBj2Eaw8cGnQYAyPUHDQ=="),
  bits2: file(
    "eNrz9NRi4GBgYOBhYGBkYWAEsjiBmBHKZgdiJkZmMJsJiJmhbBBmQ2ILQtVvAGJRJHExJHPEoWxRIJZiZAWz5wGxNJS9DIg1kPQyQGlkzMBgbOIQH9AgqNZQ23zAxPPAgm" +
      "8M1b0MAA6LDCQ=",
  ),
  bits4: file(
    "eNrz9NRi4GBgYOBhYGBkYWAEsjiBmBHKZgdiJkZmMJsFiJmhbBBmQ2ILQtVvAGJRJHExJHPEoWxlIJZiZAWz5wGxNJS9DIg1kPQyQGlkDDTpPL9MwE1r0TMLXB1PiT2I/p" +
      "jCX8A9IeLth1Ut1lIHJqdnGDYAAAVYE40=",
  ),
  whiteIsZero: file(
    "eNrz9NRi4GBgYOBhYGBkYWAEsjiBmBHKZgdiJkZmMBukihnKBmE2KBsEBKHqNwCxKJIaMSRzxKFseyCWYmQFs+cBsTSUvQyINZD0MkBpZAwySsa+YD1jzFFeSePoiVd1en" +
      "6ZuKZMPCNVeM2vtHv9Q7WSC/bbL7yWDJj6wm+vvVfWjCvK1Q+j7txkNis/pjFZcAYAz+og5g==",
  ),
  // indices valueAt % 16; colour i is i, 2i % 256, 255 - i
  palette: file(
    "eNrllY2TjWUcQM+1u3d3737cEPIdQgghhHyHlhBCCCGEEEIIIYQQQgghhBBCCCGEEEIIIRQhhBA6a3Ya/0N35p159t73ed/fc86Z2aSk/MQAIQhEEnAV6xVIWUd7pQpE3F" +
      "8n3xWRsk6+ginrCK/UKfcPCUL6B/ZmSFmX98rywN4KrpM3DuG/T4BUfhNJFEG3xjhGiDjiSSCRMA+RmjSk5WHSkZ4MPEJGMpGZLGQlG9l5lBzkJBePkZs85OVx8pGfAjxB" +
      "QQpRmCcpQlGK8RTFKUFJnqYUpSnDM5SlnONVoCKVqMyzVKEq1XiOJKpTg+epSS1q8wJ1qEs9XqQ+DWjISzSiMU14maY0ozmv0IKWtOJVWtOGtrxGO9rTgdfpSCc68wZd6E" +
      "o33qQ7PejJW/SiN314m770oz/vMICBDOJdBgtlKO8xjOGM4H1GMorRfMAYxjKODxnPBCbyEZOYzBQ+ZirTmM4nzGAms/iU2cxhLp8xj/ks4HMWsojFfMESlrKML1nOClby" +
      "FatYzRq+Zi3rWM83bGAjm/iWzWxhK9+xje3s4Ht2sovd/MAe9rKPH9nPAQ7yE4c4zBF+5ijHOM4vnOAkp/iV05zhLL/xO+c4zx9c4CKX+JPLXOEqf3GN69zgb25yi9v8wx" +
      "3uci85M90H9R7SeaK+0+g6vZ4z6TibfnPqNo9e8+u0kD6L6rKEHkvrsJz+Kumuqt6q66yWvurqqoGeGuuomX5a6qaNXtrrpJM+uuqihx5666Cf/AfKfojch8t8lLzHynqC" +
      "nCfLeJp8Z8p2jlzny3SRPJfKcoUcV8twnfw2ym6L3LbLbJe89srqgJwOy+iYfE7K5oxczsnkojyuyOK6HG7J4O7//vz3vO64uu3fN/32hr9d846r3nfZuy+554I7z7v/d5" +
      "9y1med9omnfO4Jn37cdxz1TUd83yHfetB373eCfc6xx2l2O9NOJ9vhfNuccquzbnbiTc69wenXe4a1nmSN51nlqVZ6tuWecJnnXOJpF3vmhZ58geefJ4W5spgtkVlymSGd" +
      "6TKaKqkp8poktYmyGy/BcXIcI83RMh0p2RHyHSblobIeLPFBch8g/f466KuJPvropZWeuumuoW566qKtzjrrqLkO+munxba6bK3RVnptod3mOm6q6Sb6bqT1hrqvbwH17K" +
      "CONdS2iZqWUcM+kqykmq1UsZjKdlPResrbUFlLKmNPpayqpG0Vt7BidlbE2grbXEHLK2B/+awwry3mtshcdpnDOrPbaFZLzWyvGa02g+2ms+C0dpzamsM2nWDZcfYda+XR" +
      "th5l8RF2f/+fRXyYcCA+KiE2Ii4QFR8fioyKDMSHAsHEqLhwIBhJOJq4WKJiEhPCoVBMpHeF4mMjgtHBmIhAzL+P/4L9",
  ),
  // a thumbnail of 3 x 2 pixels, the first page, and another of 4 x 4
  pages: file(
    "eNrz9NRi4GBgYOBl+MfAwsAIZIEwAyOEzQxiQtlMIMzIDGaDdDBD2SDMhsQWhKo/AMSiSOJiSOaIQ9lsQCzFyApmrwJiaSh7ExBrIOk9BqWRMRSwy/BKGiNcz4Tkek4k17" +
      "OT6PoGRuyuZ0dyvT2S6zMYEa4vYER1/QFGnK4Hud++YD1jzFGgL6InXtXp+WXimjLxjFThNb/S7vUP1Uou2G+/8FoyYOoLv732XlkzrihXP4y6c5PZrPyYxmTBGQw8cN+y" +
      "IPmWhUTfFjBh9y0Lkm8FkHwbxoTwbRwTqm8ZGPD4FuxfkFdBvgR5EACj1S8Z",
  ),
  // orientation 6
  turned: file(
    "eNrz9NRi4GBgYOBmYGBkYWAEsjiBmBHKZgdiJkZmBmYgPQmImYFskDgIs0HZTEAsCFU/A4iFoOJsQCwKZYP0iyGZKQ5l7wViGSQzQYADDBlsKtid62UipthXby9Y82L9ax" +
      "1G28qYGVeOsjnxerZKhk40zl8dPf3yxLN8V8WCdDKW9Jzg/GVdblKwxrVxb8qCO0DxM7yeUmGTCte+vCYe7Nd1rHTj2+7jHEBzHirFqSXNK9nw5oKgL9Dw7Z9NgIzXOhlA" +
      "MwN6Tky9KPRCMxWofu9PK6CsV9uhrGWPZlwRvSIaqBw/u3r7Z6D2qGmX7shG3pQKY7avNitaV775/TF2Z42UBZPPCwj6dgIVAwB1HF0N",
  ),
  bigTiff: file(
    "eNrz9NRm4GBgYBBggAAeKM3AyMLACGVywoSQxNihNBMjM1yMA0ozI4nBaDYsYoKMAnC2AJQhikWdGBZ7xZH02kNpKUZWFL0gLI1FTAOLHXDALmNfsJ4x5iivpHH0xKs6Pb" +
      "9MXFMmnpEqvOZX2r3+oVrJBfvtF15LBkx94bfX3itrxhXl6odRd24ym5Uf05gsOAMAflQfLQ==",
  ),
  bigTiffBigEndian: file(
    "eNrz9WXQZuBggAEBKM3DyMDAAmUDmQycYAYjihg7mMHEwAwXg+pmZEYSY4Qy2LCICcLtg4kIMIpiUSeGxV5xdL0MdYxSDKxIYmDMKI1FTAPTDgRgZ5RhsmcuYFnPysgWw3" +
      "6Ug5dBktGYKZp5IstVVh22HvZfHCYMrowpTBOZz7BIsRayXWP34yhl6GZcz/SQWY2lhPUCmz37do4LDK8ZJZkCmKeyvGD1Y9vLbs/hxZDFOIPpCrMySzXrQ7Yo9jscNxmY" +
      "Gc2YypmPsWiwTmYTZJ/BAQDoaSB4",
  ),
  float32: file(
    "eNpdj79LQlEUx8/1+SvUQeSV1OIoLrY5Re95KXjgIGRR0NIW+B+Ig6M0NzY4N4pEY6Ojg3+ANElDY1ODn+c9w8ULH76fc+8593KTpCVFEamImKwY7AiMegEyJth7AwL1lL" +
      "znVe3/gtDbP/buOVH/h1OT2/s7nKnPoenN3qgH4pY5wF+bCGKRcZeEthWZXIp84ld4n7Ml9Kg/oMreLZzjZXKU9uAvsNTzHqyY+aa+w9/IHyhZd/8T1Km30Lfu7Y51PrTu" +
      "vRl7If6s8xfa9wprqFMPoIz/dd2dC/KRfICIf91T/8I1dYOskdM4nd0BU1Mw7A==",
  ),
  int16: file(
    "eNrz9NRi4GBgYOBlYGBkYWAEsjiBmBHKZgdiJkZmMFsAiJmhbBBmQ2ILQtUfAGJRJHExJHPEoew6IJZiZAWzVwGxNJS9CYg1kPQGQ9lMDBDAiIZhgJ1BhsGeoYBhPVA0hu" +
      "Eo0CeSDMYM0QwTGa4y6DD0MPxiMGFwZUgB8s8wSDEUMlxj8GMoZegGqn/IoMZQwnABqHs7kHwN1BfAMJXhBVB+L1DMiyGLYQbDFQZlhmqgyiiGOww3GZgZzBjKGY4xaDBM" +
      "ZhAEygIAA8UhsQ==",
  ),
};

/** `bytes` with the one number of a tag changed; the file is no BigTIFF and has the tag. */
export function withTag(bytes: Uint8Array, tag: number, value: number): Buffer {
  const changed = Buffer.from(bytes);
  const view = new DataView(changed.buffer, changed.byteOffset, changed.byteLength);
  const little = changed[0] === 0x49;
  const start = view.getUint32(4, little) + 2;
  const entries = Array.from({ length: view.getUint16(start - 2, little) }, (_, i) => start + 12 * i);
  const at = entries.find((entry) => view.getUint16(entry, little) === tag) as number;
  if (view.getUint16(at + 2, little) === 3) view.setUint16(at + 8, value, little);
  else view.setUint32(at + 8, value, little);
  return changed;
}

/** A little-endian file of one page, whose only strip is `pixels`; `tags` add to or change those of 8 x 8 grey pixels. */
export function rawTiff(pixels: Uint8Array, tags: Record<number, number | number[]> = {}): Buffer {
  const all = { 256: 8, 257: 8, 258: 8, 259: 1, 262: 1, 273: 8, 279: pixels.length, ...tags };
  const entries = Object.entries(all).map(([tag, values]) => ({ tag: Number(tag), values: [values].flat() }));
  const start = 8 + pixels.length;
  const head = Buffer.alloc(6 + 12 * entries.length);
  const long: Buffer[] = [];
  let end = start + head.length;
  head.writeUInt16LE(entries.length);
  for (const [i, { tag, values }] of entries.entries()) {
    const at = 2 + 12 * i;
    head.writeUInt16LE(tag, at);
    head.writeUInt16LE(4, at + 2);
    head.writeUInt32LE(values.length, at + 4);
    head.writeUInt32LE(values.length > 1 ? end : values[0], at + 8);
    if (values.length < 2) continue;
    long.push(Buffer.from(Uint32Array.from(values).buffer));
    end += 4 * values.length;
  }
  const first = Buffer.from([0x49, 0x49, 42, 0, 0, 0, 0, 0]);
  first.writeUInt32LE(start, 4);
  return Buffer.concat([first, pixels, head, ...long]);
}
